"""Counting what lives: lists may be late or silent, yet nothing live is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.values import NOW, by_id, intent, task

from autoscaler.core.ledger import (
    EXPIRES_AFTER,
    ended,
    fleet_of,
    look_closer,
    reconcile,
    starting,
    unaccounted,
)
from autoscaler.core.memory import Memory
from autoscaler.core.tasks import TaskState

LONG_AGO = NOW - EXPIRES_AFTER
NOBODY = frozenset()
LAUNCHED = task("t", TaskState.STARTING, launched_at=NOW, token="launch")
SEEN = task("t", seen_at=NOW)


def memory_of(*tasks, intents=()):
    return Memory(tasks=by_id(*tasks), intents=intents)


class TestKnownTasks:
    def test_a_listed_task_is_seen_again(self):
        found = reconcile(memory_of(SEEN), "f", frozenset({"t"}), {}, NOW + 9)
        assert found.tasks == {"t": replace(SEEN, seen_at=NOW + 9)}

    def test_a_task_that_lists_do_not_show_yet_lives_on(self):
        found = reconcile(memory_of(LAUNCHED), "f", NOBODY, {}, NOW + EXPIRES_AFTER - 1)
        assert found.tasks == {"t": LAUNCHED}

    def test_a_task_without_any_sign_of_life_expires(self):
        assert not reconcile(memory_of(LAUNCHED), "f", NOBODY, {}, NOW + EXPIRES_AFTER).tasks

    def test_expiry_counts_from_the_newest_sign_of_life(self):
        seen_late = task("t", launched_at=LONG_AGO - 999, seen_at=NOW)
        assert reconcile(memory_of(seen_late), "f", NOBODY, {}, NOW + 1).tasks

    def test_a_task_without_any_time_expires_at_once(self):
        assert not reconcile(memory_of(task()), "f", NOBODY, {}, NOW).tasks

    def test_a_described_task_is_taken_as_shown_and_keeps_its_launch(self):
        shown = task("t", created_at=NOW + 1, started_at=NOW + 8)
        found = reconcile(memory_of(LAUNCHED), "f", NOBODY, by_id(shown), NOW + 9)
        assert found.tasks == {
            "t": replace(shown, token="launch", launched_at=NOW, seen_at=NOW + 9)
        }

    @pytest.mark.parametrize("state", [TaskState.STOPPING, TaskState.STOPPED])
    def test_a_task_seen_stopping_is_no_longer_capacity(self, state):
        shown = by_id(task("t", state))
        assert fleet_of(reconcile(memory_of(SEEN), "f", frozenset({"t"}), shown, NOW)).live == 0

    def test_a_stopping_task_is_kept_and_looked_at_until_its_end_is_known(self):
        """Only a stopped task has an exit code and a stop code."""
        stopping = reconcile(
            memory_of(SEEN), "f", NOBODY, by_id(task("t", TaskState.STOPPING)), NOW
        )
        assert unaccounted(stopping, NOBODY, NOBODY) == {"t"}
        stopped = by_id(task("t", TaskState.STOPPED, exit_code=1))
        assert [one.exit_code for one in ended(stopping, stopped)] == [1]
        assert not reconcile(stopping, "f", NOBODY, stopped, NOW).tasks

    def test_a_stopping_task_whose_end_is_never_shown_expires(self):
        stopping = task("t", TaskState.STOPPING, seen_at=NOW)
        assert not reconcile(memory_of(stopping), "f", NOBODY, {}, NOW + EXPIRES_AFTER).tasks


class TestNewTasks:
    def test_a_live_task_of_ours_that_nobody_knew_is_counted(self):
        found = reconcile(Memory(), "f", frozenset({"t"}), by_id(task("t")), NOW)
        assert found.tasks == {"t": SEEN}

    @pytest.mark.parametrize("other", [task(fleet="g"), task(fleet=None)])
    def test_other_fleets_tasks_are_not(self, other):
        assert not reconcile(Memory(), "f", frozenset({"t1"}), by_id(other), NOW).tasks

    def test_a_stopping_one_is_not_capacity(self):
        found = reconcile(
            Memory(), "f", frozenset({"t1"}), by_id(task(state=TaskState.STOPPING)), NOW
        )
        assert fleet_of(found).live == 0


class TestIntents:
    DOUBT = intent("launch", count=2, saved_at=NOW)

    def test_a_launch_in_doubt_counts_in_full_until_its_tasks_are_seen(self):
        found = reconcile(memory_of(intents=(self.DOUBT,)), "f", NOBODY, {}, NOW + 1)
        assert fleet_of(found).live == 2

    def test_tasks_with_its_token_settle_it_one_by_one(self):
        first, second = task("a", token="launch"), task("b", token="launch")
        half = reconcile(memory_of(intents=(self.DOUBT,)), "f", NOBODY, by_id(first), NOW)
        assert half.intents[0].seen == ("a",)
        assert fleet_of(half).live == 2
        again = reconcile(half, "f", NOBODY, by_id(first), NOW)
        assert again.intents == half.intents
        whole = reconcile(half, "f", NOBODY, by_id(second), NOW)
        assert whole.intents == ()
        assert fleet_of(whole).live == 2

    def test_its_tasks_settle_it_even_when_they_have_stopped_already(self):
        gone = [task(name, TaskState.STOPPED, token="launch") for name in "ab"]
        found = reconcile(memory_of(intents=(self.DOUBT,)), "f", NOBODY, by_id(*gone), NOW)
        assert fleet_of(found).live == 0

    def test_other_tokens_and_other_fleets_do_not_settle_it(self):
        others = by_id(task("a", token="other"), task("b", fleet="g", token="launch"))
        found = reconcile(memory_of(intents=(self.DOUBT,)), "f", NOBODY, others, NOW)
        assert found.intents == (self.DOUBT,)

    def test_it_expires(self):
        memory = memory_of(intents=(self.DOUBT,))
        assert reconcile(memory, "f", NOBODY, {}, NOW + EXPIRES_AFTER - 1).intents
        assert not reconcile(memory, "f", NOBODY, {}, NOW + EXPIRES_AFTER).intents


class TestNewsWithoutAList:
    """DescribeTasks tells of the tasks it was asked about, and nothing of any other."""

    def test_tasks_that_were_not_looked_at_do_not_expire(self):
        unseen = task("old", seen_at=LONG_AGO)
        memory = memory_of(LAUNCHED, unseen, intents=(intent(saved_at=LONG_AGO),))
        found = look_closer(memory, "f", by_id(task("t", started_at=NOW)), NOW)
        assert found.tasks["old"] == unseen
        assert found.intents == memory.intents
        assert found.tasks["t"].state is TaskState.RUNNING

    def test_a_task_that_was_seen_stopped_is_gone(self):
        stopped = by_id(task("t", TaskState.STOPPED))
        assert not look_closer(memory_of(LAUNCHED), "f", stopped, NOW).tasks


class TestWhatToLookAt:
    def test_listed_tasks_that_no_memory_knows_and_known_ones_that_no_list_shows(self):
        memory = memory_of(task("mine"), task("lost"))
        listed = frozenset({"mine", "theirs", "new"})
        known = frozenset({"mine", "lost", "theirs"})
        assert unaccounted(memory, listed, known) == {"new", "lost"}

    def test_starting_tasks_are_looked_at_until_they_have_started(self):
        assert starting(memory_of(LAUNCHED, task("other"))) == {"t"}

    def test_an_end_is_learned_once_and_only_of_tasks_that_were_known(self):
        stopped = by_id(task("t", TaskState.STOPPED), task("other", TaskState.STOPPED))
        alive = by_id(task("r"))
        memory = memory_of(LAUNCHED, task("r"))
        assert [one.id for one in ended(memory, {**stopped, **alive})] == ["t"]
        assert ended(look_closer(memory, "f", stopped, NOW), stopped) == ()


def test_a_fleet_is_its_tasks_and_its_launches_in_doubt():
    memory = memory_of(LAUNCHED, task("r"), intents=(intent(count=3, seen=("x",)),))
    fleet = fleet_of(memory)
    assert (fleet.live, fleet.starting, fleet.running, fleet.unseen) == (4, 3, 1, 2)
