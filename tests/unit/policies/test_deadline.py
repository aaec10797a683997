"""deadline: every message is started in time, by tasks launched as late as that allows."""

from __future__ import annotations

import pytest
from support.configurations import changed, load_text, told
from support.values import NOW, PERIOD, blind, observation, queue, reading, rules, task

from autoscaler.core import books
from autoscaler.core.decide import decide
from autoscaler.core.learned import Learned, Mean, QueueLearned
from autoscaler.core.model import Cause
from autoscaler.core.service import Service
from autoscaler.core.tasks import Fleet, TaskState
from autoscaler.core.units import format_duration
from policies.deadline import SAFETY, SOONEST, START_UP_PRIOR, WORK_LEAST, WORK_PRIOR, Deadline

PROMISE, START_UP = 600.0, 40.0
STARTING = TaskState.STARTING


def promise(**options):
    return Deadline(**{"max_age": PROMISE, "work": 10.0, "start_up": START_UP} | options)


def arrived(visible, ago, in_flight=0):
    """Notes of a queue in which so many have been waiting for so long."""
    came = ((NOW - ago, NOW - ago, float(visible)),)
    look = (NOW - 60, float(visible), float(in_flight))
    kept = books.Books(NOW - 60, visible + in_flight, 0.0, lots=came, looks=(look,))
    return kept.notes()


def advice(policy, visible, ago, in_flight=0, **seen):
    shown = {"notes": arrived(visible, ago, in_flight)} | seen
    return policy.advise(observation(reading(visible, in_flight), **shown))


def more(policy, visible, ago, **seen):
    """Tasks beyond those that live."""
    fleet = seen.get("tasks") or Fleet()
    return advice(policy, visible, ago, **seen).want - fleet.live


LAST_CALL = PROMISE - PERIOD - START_UP - 2 * SAFETY
"""Seconds a message has waited when it cannot wait for the next tick any more."""


class TestByTicks:
    def test_what_can_wait_for_the_next_tick_waits(self):
        found = advice(promise(), 1, LAST_CALL - 1)
        assert (found.want, found.look_again_at) == (0, NOW + PERIOD)

    def test_what_cannot_is_launched_for(self):
        found = advice(promise(), 1, LAST_CALL + 1)
        assert (found.want, found.look_again_at) == (1, NOW + PERIOD)

    def test_where_waiting_would_take_more_tasks_they_are_launched_now(self):
        assert more(promise(), 9, LAST_CALL - 1) == 1  # which does it from here; at the next tick 8
        assert more(promise(), 9, 0) == 0

    def test_tasks_on_their_way_are_counted_on(self):
        coming = Fleet((task(state=STARTING, created_at=NOW - 10),))
        assert more(promise(), 9, LAST_CALL + 1, tasks=coming) == 0

    def test_so_are_those_that_a_launch_in_doubt_may_have_made(self):
        assert more(promise(), 9, LAST_CALL + 1, tasks=Fleet(unseen=1)) == 0

    @pytest.mark.parametrize("when", [{"created_at": NOW}, {"launched_at": NOW}, {}])
    def test_a_task_is_on_its_way_since_the_best_known_time(self, when):
        coming = Fleet((task(state=STARTING, **when),))
        assert more(promise(), 9, LAST_CALL + 1, tasks=coming) == 0

    def test_tasks_at_work_start_messages_as_their_slots_fall_free(self):
        busy = Fleet((task("a"), task("b")))
        assert more(promise(), 9, LAST_CALL + 1, tasks=busy, in_flight=2) == 0
        assert more(promise(), 9, LAST_CALL + 1, tasks=busy, in_flight=0) == 1

    def test_a_task_at_work_is_not_also_on_its_way(self):
        mixed = Fleet((task("a"), task("b", STARTING, created_at=NOW)))
        assert more(promise(), 9, LAST_CALL + 1, tasks=mixed) == 0
        assert more(promise(), 9, LAST_CALL + 1, tasks=Fleet((task("a"),))) == 1

    def test_who_has_messages_in_hand_is_on_its_way_no_more(self):
        coming = Fleet((task(state=STARTING, created_at=NOW),))
        alone = advice(promise(), 14, LAST_CALL + 1, tasks=coming)
        busy = advice(promise(), 14, LAST_CALL + 1, in_flight=1, tasks=coming)
        assert (alone.want, busy.want) == (2, 2)

    def test_more_are_wanted_for_more(self):
        assert more(promise(), 100, LAST_CALL + 1) == 10
        assert more(promise(slots=4), 100, LAST_CALL + 1) == 3

    @pytest.mark.parametrize(("work", "wanted"), [(59.0, 7), (61.0, 9)])
    def test_where_an_idle_task_costs_less_than_a_message_counts_may_hide_some(self, work, wanted):
        """Seven are told of, and ten may be there; one task is for one message."""
        kept = books.Books(NOW - 120, looks=((NOW - 120, 0.0, 0.0),), nobody_at=NOW - 120)
        hasty = promise(max_age=120.0, work=work)
        found = hasty.advise(observation(reading(7, 0), notes=kept.notes()))
        assert found.want == wanted

    def test_what_waits_too_long_already_is_started_as_soon_as_can_be(self):
        assert more(promise(), 30, 2 * PROMISE) == 30

    def test_work_in_hand_with_nothing_waiting_needs_no_more(self):
        found = advice(promise(), 0, 0, in_flight=3, tasks=Fleet((task(),)))
        assert (found.want, found.look_again_at, found.why) == (
            1,
            None,
            "Nothing waits; 3 in hand.",
        )


class TestService:
    """Tasks of a service do not leave by themselves."""

    def wanted(self, visible, in_flight, live, ago=0.0):
        tasks = Fleet(tuple(task(str(n)) for n in range(live)))
        service = Service("encoders", live)
        return advice(promise(), visible, ago, in_flight, tasks=tasks, service=service).want

    def test_those_in_use_are_kept_and_the_others_are_not(self):
        assert self.wanted(0, 3, live=8) == 3
        assert self.wanted(5, 2, live=8) == 2

    def test_what_the_promise_needs_is_added_to_them(self):
        assert self.wanted(30, 2, live=2, ago=PROMISE) > 2


class TestWhatItCannotKeep:
    def test_a_promise_shorter_than_a_look_and_a_start_up_is_told_with_what_would_be_needed(self):
        found = advice(promise(max_age=PERIOD + START_UP), 1, 10)
        assert found.why.endswith(
            "cannot be kept for what comes right after a look: the next look and a start-up take "
            f"{format_duration(PERIOD + START_UP + SAFETY)}; look more often, or keep tasks ready "
            "by warm."
        )
        assert "cannot be kept" not in advice(promise(), 1, 10).why

    def test_who_is_late_is_not_left_to_spot(self):
        assert advice(promise(), 3, PROMISE).spot_share == 0.0
        assert advice(promise(), 3, LAST_CALL + 1).spot_share is None


class TestBookedLooks:
    def booked(self, visible, ago, **seen):
        found = advice(promise(**seen.pop("options", {})), visible, ago, bookable=True, **seen)
        wait = found.look_again_at and found.look_again_at - NOW
        return found.want - seen.get("tasks", Fleet()).live, wait

    def test_a_launch_waits_for_the_last_second_that_keeps_the_promise(self):
        latest = PROMISE - SAFETY - START_UP
        assert self.booked(1, latest - 50) == (0, 50)

    def test_from_then_on_it_is_launched_and_looked_at_again_soon(self):
        assert self.booked(1, PROMISE - SAFETY - START_UP) == (1, SOONEST)

    def test_it_waits_no_longer_than_takes_no_more_tasks(self):
        waits, until = self.booked(10, LAST_CALL - 30)
        assert (waits, SOONEST <= until < PERIOD) == (0, True)

    def test_where_every_second_takes_more_tasks_they_are_launched_at_once(self):
        assert self.booked(100, LAST_CALL) == (10, SOONEST)

    def test_what_is_due_long_after_the_next_tick_waits_for_it(self):
        assert self.booked(10, 0) == (0, PERIOD)

    def test_with_work_unknown_one_task_is_a_probe_and_the_rest_waits(self):
        ignorant = {"work": None}
        assert self.booked(5, LAST_CALL - 10, options=ignorant)[0] == 1
        there = Fleet((task(),))
        assert self.booked(5, LAST_CALL, options=ignorant, tasks=there) == (0, PERIOD + SAFETY)
        late = LAST_CALL + PERIOD - SOONEST - 5
        wait = SAFETY + SOONEST + 5
        assert self.booked(1, late, options=ignorant, tasks=there) == (0, wait)


class TestWhatItLearned:
    def why(self, work=Mean(), start_up=None, ago=100):  # noqa: B008 - frozen
        learned = Learned(start_up or {}, {"q": QueueLearned(work=work)})
        policy = promise(work=None, start_up=None)
        return advice(policy, 3, ago, learned=learned).why

    def test_a_first_message_gets_a_task_that_tells_how_long_it_takes(self):
        assert more(promise(work=None), 500, 0) == 1

    @pytest.mark.parametrize(
        ("work", "told"),
        [
            (Mean(), "2 min each at a guess"),
            (Mean(8.0, 4.0), "2 min each at a guess"),
            (Mean(10.0, 5.0), "2 s each"),
            (Mean(3600.0, 0.0), "1 h each at a guess"),
            (Mean(3600.0, 2.0), "30 min each at a guess"),
            (Mean(0.0, 50.0), "0.01 s each"),
        ],
    )
    def test_work_is_a_guess_until_five_are_done_or_took_longer_than_that(self, work, told):
        assert told in self.why(work)

    def test_start_up_is_the_slowest_providers(self):
        start_up = {"FARGATE": Mean(100.0, 1.0), "FARGATE_SPOT": Mean(80.0, 1.0), "EC2": Mean()}
        assert "20 s too late for a new task" in self.why(start_up=start_up, ago=PROMISE - 80)

    def test_none_that_was_seen_is_a_minute(self):
        assert "10 s too late for a new task" in self.why(ago=PROMISE - START_UP_PRIOR + 10)

    def test_the_guesses_are_what_is_told_of_them(self):
        assert (WORK_PRIOR, WORK_LEAST, START_UP_PRIOR) == (120.0, 0.01, 60.0)


class TestReasons:
    def test_they_tell_the_plan(self):
        assert advice(promise(), 12, 60).why == (
            "12 waiting, the oldest for 1 min, 10 s each: "
            "the tasks there are do for now; the next look is in 2 min."
        )
        assert advice(promise(), 12, LAST_CALL + 1).why == (
            f"12 waiting, the oldest for {format_duration(LAST_CALL + 1)}, 10 s each: "
            "2 more start the last of them in time."
        )
        assert advice(promise(), 1, LAST_CALL + 1).why.endswith(
            "1 more starts the last of them in time."
        )

    def test_a_broken_promise_is_told(self):
        assert "1 min 40 s too late for a new task to keep the promise" in (
            advice(promise(), 1, PROMISE + 60).why
        )

    def test_that_nobody_knows_since_when_somebody_waits_is_told(self):
        nothing_known = books.Books(NOW - 60, 8.0, 0.0, looks=((NOW - 60, 8.0, 0.0),)).notes()
        found = promise().advise(observation(reading(8), notes=nothing_known))
        assert found.why == (
            "8 waiting, since when is not known, 10 s each: 8 more start them as soon as can be."
        )
        assert found.look_again_at == NOW + PERIOD


class TestNotes:
    def test_they_go_on_from_look_to_look(self):
        first = promise().advise(observation(reading(3)))
        later = promise().advise(observation(reading(4), notes=first.notes, now=NOW + 60))
        assert [at for at, *_ in later.notes["looks"]] == [NOW, NOW + 60]

    def test_an_empty_queue_wants_none_and_is_noted_once(self):
        first = promise().advise(observation(reading()))
        again = promise().advise(observation(reading(), notes=first.notes, now=NOW + 60))
        assert (first.want, first.why) == (0, "The queue is empty.")
        assert (books.read(first.notes), again.notes) == (books.empty(NOW), None)

    def test_one_that_was_drained_is_noted_anew(self):
        found = promise().advise(observation(reading(), notes=arrived(3, 10)))
        assert books.read(found.notes).is_empty
        assert books.read(found.notes).nobody_at == NOW


def test_it_abstains_while_the_counts_are_unknown():
    found = decide(observation(blind()), rules(queue(promise())), {})
    assert found.reasons[0].cause is Cause.ABSTAINED


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (
            {"max_age": SAFETY},
            f"max_age is {SAFETY:g} s, and no task starts so soon; write 10m, say",
        ),
        ({"work": 0.0}, "work is 0; write the seconds that one message takes"),
    ],
)
def test_options_that_nobody_could_keep_to_are_refused(options, problem):
    with pytest.raises(ValueError, match=problem):
        promise(**options)


class TestConfiguration:
    def policy(self, options):
        return changed("- type: depth\n        messages_per_task: 10", f"- {{{options}}}")

    def test_durations_as_people_write_them(self, tmp_path):
        text = self.policy("type: deadline, max_age: 10m, work: 2s, start_up: 40s, slots: 4")
        found = load_text(tmp_path, text).queues["thumbnails"].policies
        assert found == {"deadline": Deadline(600.0, 4, 2.0, 40.0)}

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            ("slots: 4", ".max_age: this key is required, and missing"),
            ("max_age: 12s", ": max_age is 12 s, and no task starts so soon; write 10m, say"),
            ("max_age: 10m, work: 0", ": work is 0; write the seconds that one message takes"),
            ("max_age: 10m, slots: 0", ".slots: 0 is too small"),
        ],
    )
    def test_options_that_nothing_can_keep_to_are_told(self, tmp_path, options, problem):
        (line,) = told(tmp_path, self.policy(f"type: deadline, {options}"))
        assert line.startswith(f"one.yaml:15: queues.thumbnails.policies[0]{problem}")
