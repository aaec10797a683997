"""What ticks teach: start-up seconds, work per message, arrivals per second."""

from __future__ import annotations

import pytest
from support.values import NOW, blind, by_id, reading, task

from autoscaler.core.learned import Learned, Mean
from autoscaler.core.learning import (
    SAMPLE_LIFE,
    SAMPLES_LEAST,
    SAMPLES_MOST,
    in_flight_seconds,
    learn_from_queues,
    learn_from_tasks,
)
from autoscaler.core.memory import Memory, Sample
from autoscaler.core.model import Minute
from autoscaler.core.tasks import TaskState

STARTING = task("t", TaskState.STARTING, created_at=NOW)
STARTED = task("t", created_at=NOW, started_at=NOW + 40)


def taught(*readings, memory=Memory()):  # noqa: B008 - frozen
    for one in readings:
        memory = learn_from_queues(memory, [one])
    return memory


class TestStartUp:
    def test_a_start_up_is_learned_by_provider_when_a_starting_task_is_seen_running(self):
        learned = learn_from_tasks(Memory(tasks=by_id(STARTING)), by_id(STARTED)).learned
        assert learned.start_up == {"FARGATE": Mean(40.0, 1.0)}

    def test_a_start_up_counts_once(self):
        memory = learn_from_tasks(Memory(tasks=by_id(STARTED)), by_id(STARTED))
        assert memory.learned.start_up == {}

    def test_a_task_that_nobody_knew_to_be_starting_teaches_nothing(self):
        assert learn_from_tasks(Memory(), by_id(STARTED)).learned.start_up == {}

    @pytest.mark.parametrize(
        "seen",
        [
            task("t", TaskState.STARTING, created_at=NOW),
            task("t", started_at=NOW),
            task("t", provider=None, created_at=NOW, started_at=NOW + 40),
        ],
        ids=["not started", "no creation time", "no provider"],
    )
    def test_a_start_up_with_a_part_unknown_teaches_nothing(self, seen):
        assert learn_from_tasks(Memory(tasks=by_id(STARTING)), by_id(seen)).learned.start_up == {}

    def test_how_far_a_start_up_is_off_the_others_is_learned_beside_it(self):
        """The first has no others; the second takes 30 s less."""
        learned = learn_from_tasks(Memory(tasks=by_id(STARTING)), by_id(STARTED)).learned
        assert learned.start_up_off == {}
        again = Memory(tasks=by_id(STARTING), learned=learned)
        quick = task("t", created_at=NOW, started_at=NOW + 10)
        assert learn_from_tasks(again, by_id(quick)).learned.start_up_off == {
            "FARGATE": Mean(30.0, 1.0)
        }

    def test_it_seldom_takes_longer_than_the_mean_and_twice_what_it_is_off(self):
        means = {"FARGATE": Mean(80.0, 2.0), "FARGATE_SPOT": Mean(60.0, 1.0), "EC2": Mean()}
        off = {"FARGATE_SPOT": Mean(12.0, 1.0)}
        assert Learned(means, start_up_off=off).start_up_most == 84.0
        assert Learned(means).start_up_most == 60.0
        assert Learned().start_up_most is None
        assert Learned({"EC2": Mean()}).start_up_most is None

    def test_later_start_ups_weigh_more_than_earlier_ones(self):
        mean = Mean().add(10.0, 1.0, 20.0).add(40.0, 1.0, 20.0)
        assert 25.0 < mean.value < 40.0


class TestMean:
    def test_nothing_seen_is_unknown_and_not_zero(self):
        assert Mean().value is None
        assert Mean().confidence == 0.0

    def test_confidence_grows_with_samples(self):
        assert Mean(10.0, 5.0).confidence == 0.5

    def test_to_be_on_the_safe_side_it_is_up_to_twice_as_high_the_fewer_were_seen(self):
        assert Mean().high is None
        assert Mean(10.0, 5.0).high == 3.0
        assert Mean(2e12, 1e12).high == pytest.approx(2.0)


class TestWork:
    """Little's law: message-seconds in hand, over messages deleted."""

    def test_a_hand_computed_minute(self):
        """In flight 4 -> 8 over the minute: 360 message-seconds; 30 deleted; 12 s each."""
        minute = Minute(NOW, sent=30, deleted=30)
        memory = taught(
            reading(in_flight=4, at=NOW - 60),
            reading(in_flight=8, at=NOW),
            reading(in_flight=8, at=NOW + 60, minutes=(minute,)),
        )
        assert memory.learned.queue("q").work.value == pytest.approx(12.0)

    def test_a_minute_that_samples_do_not_cover_teaches_no_work(self):
        minute = Minute(NOW, sent=30, deleted=30)
        memory = taught(reading(in_flight=4, at=NOW - 30), reading(at=NOW, minutes=(minute,)))
        assert memory.learned.queue("q").work.value is None

    def test_a_minute_without_a_count_of_deletions_teaches_no_work(self):
        minute = Minute(NOW, sent=30)
        memory = taught(
            reading(in_flight=4, at=NOW - 60), reading(in_flight=4, at=NOW, minutes=(minute,))
        )
        assert memory.learned.queue("q").work.value is None

    def test_minutes_without_deletions_add_to_the_work_of_those_that_follow(self):
        """One message in hand for two minutes and deleted at the end is 120 s of work."""
        minutes = (Minute(NOW - 60, deleted=0), Minute(NOW, deleted=1))
        memory = taught(
            reading(in_flight=1, at=NOW - 120),
            reading(in_flight=1, at=NOW, minutes=minutes),
        )
        assert memory.learned.queue("q").work.value == pytest.approx(120.0, rel=0.01)

    def test_what_workers_publish_counts_in_place_of_what_is_in_flight(self):
        """Also where samples do not cover the minute; a batch in hand is not work."""
        minute = Minute(NOW, deleted=10.0, busy_seconds=30.0)
        in_flight = [reading(at=NOW + at, in_flight=10) for at in (-60, 0)]
        for before in (in_flight, []):
            memory = taught(*before, reading(at=NOW + 60, in_flight=10, minutes=(minute,)))
            assert memory.learned.queue("q").work.value == pytest.approx(3.0)

    def test_work_that_workers_publish_waits_for_the_deletion_it_belongs_to(self):
        minutes = (
            Minute(NOW, deleted=0.0, busy_seconds=60.0),
            Minute(NOW + 60, deleted=1.0, busy_seconds=30.0),
        )
        work = taught(reading(minutes=minutes)).learned.queue("q").work
        assert work.value == pytest.approx(90.0, rel=0.01)

    def test_a_minute_is_learned_once(self):
        minute = Minute(NOW, sent=30, deleted=30)
        once = taught(
            reading(in_flight=4, at=NOW - 60), reading(in_flight=4, at=NOW, minutes=(minute,))
        )
        twice = taught(reading(in_flight=4, at=NOW + 1, minutes=(minute,)), memory=once)
        assert twice.learned == once.learned

    def test_nobody_knows_what_was_in_hand_long_after_a_queue_was_seen_idle(self):
        """Idle ticks leave no samples, so a straight line from the last one would invent work."""
        idle, busy = Sample(NOW, 0, 0, 0), Sample(NOW + 7200, 0, 10, 0)
        assert in_flight_seconds((idle, busy), NOW + 7140, NOW + 7200) is None

    def test_samples_that_came_out_of_order_do_no_harm(self):
        later, earlier = Sample(NOW + 1, 0, 5, 0), Sample(NOW, 0, 5, 0)
        samples = (Sample(NOW - 60, 0, 5, 0), later, earlier, Sample(NOW + 60, 0, 5, 0))
        assert in_flight_seconds(samples, NOW, NOW + 60) == pytest.approx(5 * 60, rel=0.02)


class TestArrivals:
    def test_sent_messages_are_arrivals(self):
        memory = taught(reading(minutes=(Minute(NOW, sent=120),)))
        assert memory.learned.queue("q").arrivals.value == 2.0

    def test_a_minute_with_no_datapoint_is_unknown_and_not_zero(self):
        memory = taught(reading(minutes=(Minute(NOW, deleted=1),)))
        assert memory.learned.queue("q").arrivals.value is None

    @pytest.mark.trap("T4")
    def test_growth_of_the_depth_counts_while_metrics_are_silent(self):
        memory = taught(reading(visible=0, at=NOW), reading(visible=60, at=NOW + 120))
        assert memory.learned.queue("q").arrivals.value == 0.5

    def test_a_shrinking_queue_shows_no_arrivals(self):
        memory = taught(reading(visible=60, at=NOW), reading(visible=0, at=NOW + 120))
        assert memory.learned.queue("q").arrivals.value == 0.0

    def test_two_looks_in_the_same_second_teach_nothing(self):
        memory = taught(reading(visible=0, at=NOW), reading(visible=60, at=NOW))
        assert memory.learned.queue("q").arrivals.value is None

    @pytest.mark.parametrize("nothing_new", [reading(at=NOW + 240), blind()], ids=["idle", "blind"])
    def test_growth_is_learned_once_however_long_nothing_new_is_seen(self, nothing_new):
        once = taught(reading(visible=9, at=NOW), reading(visible=0, at=NOW + 120))
        assert taught(nothing_new, nothing_new, memory=once).learned == once.learned


class TestSamples:
    def test_an_idle_queue_changes_nothing_so_that_it_costs_no_write(self):
        once = taught(reading(visible=9), reading(at=NOW + 120))
        assert taught(reading(at=NOW + 240), memory=once) == once

    def test_only_the_newest_samples_are_kept(self):
        looks = [reading(visible=n, at=NOW + n) for n in range(1, SAMPLES_MOST + 9)]
        samples = taught(*looks).samples["q"]
        assert len(samples) == SAMPLES_MOST
        assert samples[-1].visible == SAMPLES_MOST + 8

    def test_samples_that_no_minute_will_need_are_dropped_but_for_the_newest_few(self):
        looks = [reading(visible=n, at=NOW + 120 * n) for n in range(1, 30)]
        samples = taught(*looks).samples["q"]
        assert samples[0].at >= samples[-1].at - SAMPLE_LIFE
        rare = [reading(visible=n, at=NOW + SAMPLE_LIFE * n) for n in range(1, 30)]
        assert len(taught(*rare).samples["q"]) == SAMPLES_LEAST

    def test_blind_ticks_are_counted_in_a_row(self):
        assert taught(blind(), blind()).blind_ticks == {"q": 2}
        assert taught(blind(), blind(), reading()).blind_ticks == {}

    def test_a_look_that_misses_one_count_is_blind(self):
        assert taught(reading(delayed=None)).blind_ticks == {"q": 1}
