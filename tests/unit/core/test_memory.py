"""A memory comes back from real JSON text as it went in, or is refused in a sentence."""

from __future__ import annotations

import json

import pytest
from support.values import NOW, by_id, intent, task

from autoscaler.core.actions import Failure, Outcome
from autoscaler.core.breaker import Breaker
from autoscaler.core.errors import MemoryStoreError, MemoryUnreadableError
from autoscaler.core.learned import Learned, Mean, QueueLearned
from autoscaler.core.memory import VERSION, Memory, Sample, dump, load
from autoscaler.core.spot import SpotHistory
from autoscaler.core.tasks import Provider, TaskState

FULL = Memory(
    tick=int(NOW),
    tasks=by_id(task("a", token="x", seen_at=NOW), task("b", TaskState.STARTING, provider=None)),
    intents=(intent(count=2, provider=Provider.FARGATE_SPOT, seen=("a",)), intent("other")),
    spot_owed=-0.25,
    left_at=NOW - 9.5,
    breaker=Breaker(3, 1, NOW, "exit code 1"),
    spot=SpotHistory(NOW, 2, NOW + 1, 0.5, NOW),
    paused={"q": None, "r": NOW},
    flat_groups={"q": 3},
    samples={"q": (Sample(NOW, 1, 2, 3), Sample(NOW + 1, 0, 0, 0))},
    blind_ticks={"r": 2},
    learned=Learned({"FARGATE": Mean(40.0, 1.0)}, {"q": QueueLearned(Mean(1.0, 2.0), Mean(), NOW)}),
    notes={"q/p1": {"since": NOW, "names": ["a"], "deep": {"none": None}}},
)


def through_text(memory):
    return load(json.loads(json.dumps(dump(memory))))


@pytest.mark.parametrize("memory", [Memory(), FULL], ids=["blank", "full"])
def test_a_memory_comes_back_from_text_as_it_went_in(memory):
    assert through_text(memory) == memory


def test_what_is_at_its_default_takes_no_room():
    assert dump(Memory()) == {"version": VERSION, "memory": {}}


def test_a_newer_version_is_refused_and_the_way_out_named():
    with pytest.raises(MemoryUnreadableError) as refused:
        load({"version": VERSION + 1, "memory": {}})
    assert str(refused.value) == (
        f"the saved memory has version {VERSION + 1} and this program reads up to {VERSION}; "
        "run the newer version, or delete the item to start afresh"
    )


def with_memory(**fields):
    return {"version": VERSION, "memory": fields}


@pytest.mark.parametrize(
    "damaged",
    [
        None,
        [],
        "text",
        {},
        {"version": 0, "memory": {}},
        {"version": "1", "memory": {}},
        {"version": VERSION},
        {"version": VERSION, "memory": []},
        with_memory(tick="soon"),
        with_memory(tick=True),
        with_memory(tick=None),
        with_memory(unheard_of=1),
        with_memory(tasks=[]),
        with_memory(tasks={"a": {"id": "a"}}),
        with_memory(tasks={"a": {"id": "a", "fleet": "f", "provider": "MOON", "state": "running"}}),
        with_memory(intents={}),
        with_memory(intents=[{"token": "x"}]),
        with_memory(samples={"q": [{"at": "now", "visible": 1, "in_flight": 1, "delayed": 1}]}),
        with_memory(samples={"q": [{"at": 10**400, "visible": 1, "in_flight": 1, "delayed": 1}]}),
        with_memory(samples={"q": [{"at": True, "visible": 1, "in_flight": 1, "delayed": 1}]}),
        with_memory(learned={"start_up": {"FARGATE": 3}}),
    ],
)
def test_a_damaged_form_is_refused_in_a_sentence(damaged):
    with pytest.raises(MemoryUnreadableError, match=r"^the saved memory is damaged: \S+"):
        load(damaged)


def test_an_unreadable_memory_is_a_trouble_of_the_store():
    assert issubclass(MemoryUnreadableError, MemoryStoreError)


class TestIntending:
    def test_intents_are_kept_in_order(self):
        spot = intent(count=3, provider=Provider.FARGATE_SPOT)
        memory = Memory().intending((spot, intent("other", count=2)))
        assert memory.intents == (spot, intent("other", count=2))

    def test_numbers_go_on_from_the_last_one_that_was_used(self):
        two = Memory().intending((intent(n=0), intent("other", n=1)))
        assert (two.next_n, two.intending(()).next_n) == (2, 2)
        assert two.intending((intent("more", n=2),)).next_n == 3


class TestSharing:
    """Launches that several may carry out."""

    OLD, NEW = intent("old", tick=1), intent("new", tick=2)
    BOTH = Memory().intending((OLD, NEW))
    SHARED = BOTH.sharing((NEW,))

    def test_the_given_launches_are_marked_and_no_others(self):
        assert [one.shared for one in self.SHARED.intents] == [False, True]
        assert self.SHARED.sharing((self.NEW,)) == self.SHARED
        assert [one.shared for one in self.SHARED.sharing((self.OLD,)).intents] == [True, True]
        assert self.SHARED.among((self.NEW,)) == (self.SHARED.intents[1],)

    def test_where_one_was_turned_away_it_stays_in_doubt(self):
        """Somebody else may have been let in under the same token."""
        away = Outcome((), (Failure("Rate exceeded"),), turned_away=True)
        left = self.SHARED.settled({"old": away, "new": away}, "f", NOW).intents
        assert [one.token for one in left] == ["new"]

    @pytest.mark.parametrize("tasks", [(), ("a",)])
    def test_an_answer_of_ecs_settles_it_as_it_is_the_same_for_everybody(self, tasks):
        after = self.SHARED.settled({"new": Outcome(tasks, (Failure("no"),))}, "f", NOW)
        assert ([one.token for one in after.intents], tuple(after.tasks)) == (["old"], tasks)


class TestSettling:
    BEFORE = Memory().intending((intent(count=3), intent("other", count=1)))

    def settled(self, **outcomes):
        return self.BEFORE.settled(outcomes, "f", NOW)

    def test_accepted_tasks_are_starting_tasks_of_the_fleet(self):
        after = self.settled(launch=Outcome(("a", "b", "c")))
        assert after.tasks["a"] == task("a", TaskState.STARTING, token="launch", launched_at=NOW)
        assert list(after.tasks) == ["a", "b", "c"]
        assert [one.token for one in after.intents] == ["other"]

    def test_refused_tasks_are_not_waited_for(self):
        after = self.settled(launch=Outcome(("a",), (Failure("no room"),)))
        assert list(after.tasks) == ["a"]
        assert [one.token for one in after.intents] == ["other"]

    def test_an_unsure_launch_stays_an_intent(self):
        assert self.settled(launch=Outcome(unsure="no answer")) == self.BEFORE

    def test_a_launch_nobody_heard_of_changes_nothing(self):
        assert self.settled(unheard_of=Outcome(("a",))) == self.BEFORE

    def test_a_task_that_was_seen_already_is_left_as_it_was_seen(self):
        seen = Memory(tasks=by_id(task("a", seen_at=NOW))).intending((intent(),))
        assert seen.settled({"launch": Outcome(("a",))}, "f", NOW).tasks == seen.tasks
