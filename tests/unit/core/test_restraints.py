"""What holds launches back: an open breaker, a pause, a message seen too few times."""

from __future__ import annotations

import pytest
from support.values import NOW, fleet, reading, rules

from autoscaler.core.breaker import Breaker
from autoscaler.core.memory import By, Memory, Sample
from autoscaler.core.model import Cause, Minute
from autoscaler.core.restraints import restraints
from autoscaler.core.rules import QueueRules
from autoscaler.core.tasks import Fleet

OPEN = Memory(breaker=Breaker(3, 1, NOW + 60, "exit code 1"))


def found(memory=Memory(), live=None, seen=None, confirm=1, now=NOW):  # noqa: B008 - frozen
    shown = seen or reading()
    return restraints(
        memory, {"q": shown}, live or Fleet(), rules(QueueRules("q", {}, confirm=confirm)), now
    )


def test_nothing_holds_launches_back_by_itself():
    assert found(seen=reading(5)) == ()


class TestBreaker:
    def test_an_open_one_holds_all_launches_of_the_fleet_until_its_probe_is_due(self):
        (held,) = found(OPEN)
        assert (held.cause, held.new_tasks, held.queue, held.until) == (
            Cause.BREAKER,
            0,
            None,
            NOW + 60,
        )
        assert held.text == ("3 tasks died without progress (exit code 1), so no task is launched.")

    def test_then_it_lets_one_probe_through(self):
        (held,) = found(OPEN, now=NOW + 60)
        assert (held.new_tasks, held.until) == (1, None)
        assert held.text.endswith("so one probe task is let through.")

    @pytest.mark.parametrize("probe", [fleet(1), fleet(unseen=1)], ids=["live", "in doubt"])
    def test_one_at_a_time(self, probe):
        (held,) = found(OPEN, live=probe, now=NOW + 999)
        assert held.new_tasks == 0


class TestPause:
    def test_who_paused_it_is_told_where_it_is_known(self):
        memory = Memory(paused={"q": None}, paused_by={"q": By("alice", NOW - 60)})
        (held,) = found(memory)

        since = "Tue 2023-11-14 22:13 UTC"
        assert held.text == f"Queue q is paused until it is resumed, by alice since {since}."

    def test_a_paused_queue_launches_nothing_until_it_is_resumed(self):
        (held,) = found(Memory(paused={"q": None}))
        assert (held.cause, held.queue, held.new_tasks, held.until) == (Cause.PAUSED, "q", 0, None)
        assert held.text == "Queue q is paused until it is resumed."

    def test_a_pause_until_a_time_is_over_then(self):
        paused = Memory(paused={"q": NOW + 60})
        (held,) = found(paused)
        assert held.until == NOW + 60
        assert held.text == "Queue q is paused until Tue 2023-11-14 22:15 UTC."
        assert found(paused, now=NOW + 60) == ()

    def test_another_queues_pause_is_not_its_own(self):
        assert found(Memory(paused={"r": None})) == ()


def samples(*visible):
    return Memory(samples={"q": tuple(Sample(NOW, count, 0, 0) for count in visible)})


class TestConfirm:
    """A first message on a queue that was empty, which SQS may show by mistake (T1)."""

    @pytest.mark.trap("T1")
    def test_it_is_believed_once_seen_so_many_times_in_a_row(self):
        (held,) = found(samples(0, 1), seen=reading(1), confirm=2)
        assert (held.cause, held.queue) == (Cause.UNCONFIRMED, "q")
        assert held.text == "1 messages in q seen 1 of 2 times."
        assert found(samples(0, 1, 1), seen=reading(1), confirm=2) == ()

    def test_an_empty_reading_in_between_starts_the_count_anew(self):
        assert found(samples(1, 1, 0, 1), seen=reading(1), confirm=2)

    def test_a_queue_seen_for_the_first_time_has_been_seen_once_at_most(self):
        assert found(samples(1), seen=reading(1), confirm=2)

    def test_the_present_reading_counts_even_if_the_other_counts_are_unknown(self):
        assert found(seen=reading(1, in_flight=None), confirm=1) == ()

    @pytest.mark.parametrize("live", [fleet(1), fleet(unseen=1)])
    def test_a_live_task_vouches_for_it(self, live):
        assert found(samples(1), live, reading(1), confirm=2) == ()

    def test_a_message_in_flight_vouches_for_it(self):
        assert found(samples(1), seen=reading(1, in_flight=1), confirm=2) == ()

    @pytest.mark.parametrize(("age", "held"), [(30.0, 0), (0.0, 1), (None, 1)])
    def test_an_age_in_cloudwatch_vouches_for_it(self, age, held):
        shown = reading(1, minutes=(Minute(NOW, oldest_age=age),))
        assert len(found(samples(1), seen=shown, confirm=2)) == held

    @pytest.mark.parametrize("visible", [0, None])
    def test_nothing_visible_needs_no_confirmation(self, visible):
        assert found(samples(0), seen=reading(visible), confirm=2) == ()
