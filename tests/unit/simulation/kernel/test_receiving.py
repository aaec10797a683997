"""When a simulated task receives and when it leaves: the worker's own rules."""

from __future__ import annotations

import numpy as np
from support.simulated import a_trace, at_once, launching, played

from autoscaler.core.tasks import Provider
from autoscaler.simulation.knobs import Knobs, Workers


def test_the_oldest_message_is_handed_out_first() -> None:
    run = played(a_trace([0.0, 1.0, 2.0], 10.0), at_once(), (5.0, launching()))
    assert run.messages.started_at.tolist() == [5.0, 15.0, 25.0]
    assert run.messages.finished_at.tolist() == [15.0, 25.0, 35.0]


def test_a_task_works_on_as_many_messages_as_it_has_slots() -> None:
    run = played(a_trace([0.0] * 5, 10.0), at_once(slots=2), (0.0, launching()))
    assert run.messages.started_at.tolist() == [0.0, 0.0, 10.0, 10.0, 20.0]


def test_a_receive_brings_a_batch_at_most_and_the_next_follows_at_once() -> None:
    run = played(a_trace([0.0] * 25, 60.0), at_once(slots=30), (0.0, launching()))
    assert set(run.messages.started_at) == {0.0}
    assert run.minutes.received[0] == 25


def test_a_message_is_received_the_instant_it_arrives_while_a_task_waits_at_the_empty_queue() -> (
    None
):
    run = played(a_trace([0.7], 10.0), at_once(poll=1.0), (0.0, launching()))
    assert run.messages.started_at[0] == 0.7


def test_after_an_empty_receive_the_next_comes_a_back_off_later() -> None:
    """Polls from 0 to 1 s, backs off 5 s, and polls again from 6 s on."""
    run = played(a_trace([2.0], 10.0), at_once(poll=1.0, back_off=5.0), (0.0, launching()))
    assert run.messages.started_at[0] == 6.0


def test_a_short_receive_is_followed_by_a_back_off_in_proportion_to_the_free_slots() -> None:
    """One of four slots is taken at 0 s, so the next receive comes 3/4 of 8 s later."""
    knobs = at_once(slots=4, back_off=8.0)
    run = played(a_trace([0.0, 1.0], 60.0), knobs, (0.0, launching()))
    assert run.messages.started_at.tolist() == [0.0, 6.0]


def test_a_completion_during_a_back_off_starts_no_receive_while_others_are_in_hand() -> None:
    """The first of two ends at 2 s, in the back-off of 2/4 of 8 s that the short receive began."""
    knobs = at_once(slots=4, back_off=8.0)
    run = played(a_trace([0.0, 0.0, 1.0], [2.0, 60.0, 60.0]), knobs, (0.0, launching()))
    assert run.messages.started_at.tolist() == [0.0, 0.0, 4.0]


def test_a_task_that_falls_empty_receives_at_once() -> None:
    knobs = at_once(slots=4, back_off=8.0)
    run = played(a_trace([0.0, 1.0], [2.0, 60.0]), knobs, (0.0, launching()))
    assert run.messages.started_at.tolist() == [0.0, 2.0]


def test_messages_of_a_task_that_end_together_share_a_receive() -> None:
    run = played(a_trace([0.0] * 20, 10.0), at_once(slots=10), (0.0, launching()))
    assert run.minutes.received[0] == 20
    assert run.minutes.empty_receives[0] == 2
    assert run.messages.started_at.tolist() == [0.0] * 10 + [10.0] * 10


def test_without_a_back_off_a_task_polls_on_and_on() -> None:
    knobs = at_once(poll=20.0, back_off=0.0, empties=3)
    run = played(a_trace([45.0], 10.0, seconds=50.0), knobs, (0.0, launching()))
    assert run.messages.started_at[0] == 45.0
    assert run.tasks.left_at[0] == 55.0 + 3 * 20.0


def test_neither_poll_nor_back_off_takes_the_time_of_calls() -> None:
    run = played(a_trace([0.015], 1.0), at_once(poll=0.0, back_off=0.0), (0.0, launching()))
    assert np.isnan(run.messages.started_at[0])
    assert run.tasks.left_at[0] == 0.01


# ------------------------------------------------------------------------------- leaving


def test_a_task_leaves_after_two_empty_receives_with_nothing_in_hand() -> None:
    """It polls for a second, backs off for five and polls for another second."""
    run = played(a_trace([0.0], 10.0), at_once(), (20.0, launching()))
    assert run.tasks.left_at[0] == 30.0 + 1.0 + 5.0 + 1.0


def test_one_empty_receive_is_enough_if_it_had_one_before_its_last_message() -> None:
    """Of four slots one is busy until 15 s; the others find nothing at 4.75 s, and so on."""
    run = played(a_trace([0.0], 15.0), at_once(slots=4), (0.0, launching()))
    assert run.tasks.left_at[0] == 16.0


def test_with_a_slot_free_for_long_it_waits_at_the_queue_no_more() -> None:
    """It looks at 0, 3.75, 8.5 s and so on, each time for 1 s; from 20 s on for an instant."""
    knobs = at_once(slots=4)
    trace = a_trace([0.0, 22.9, 24.0], 60.0)
    run = played(trace, knobs, (0.0, launching()))
    assert run.messages.started_at.tolist() == [0.0, 26.5, 26.5]


def test_a_fleet_that_is_too_large_for_a_steady_flow_shrinks_to_what_it_needs() -> None:
    """Two messages a second of 5 s each: ten slots are busy, and thirty tasks have 300."""
    rng = np.random.default_rng(1)
    arrivals = np.sort(rng.uniform(0.0, 900.0, 1800))
    steps = [(float(at), launching(10)) for at in range(3)]
    run = played(a_trace(arrivals.tolist(), 5.0), at_once(slots=10), *steps)
    late = np.sort(run.tasks.left_at)[:-3]
    assert (late < 300.0).all()


def test_a_task_stays_for_the_minute_that_is_billed_from_its_pull_on() -> None:
    knobs = Knobs(workers=Workers(slots=1))  # 15 s until the pull, 20 s more until it receives
    run = played(a_trace([0.0], 1.0), knobs, (0.0, launching()))
    assert run.tasks.pull_at[0] == 15.0
    assert run.tasks.usable_at[0] == 35.0
    assert run.tasks.left_at[0] == 75.0
    assert run.tasks.billed_seconds[0] == 60.0


def test_a_task_that_is_busy_at_the_end_of_its_paid_minute_leaves_when_it_runs_dry() -> None:
    run = played(a_trace([0.0], 100.0), Knobs(), (0.0, launching()))
    assert run.tasks.left_at[0] == 135.0 + 1.0 + 5.0 + 1.0


def test_nobody_leaves_before_the_time_it_was_told_to_stay_until() -> None:
    step = (0.0, lambda aws: aws.run_task(1, Provider.FARGATE, 500.0))
    run = played(a_trace([0.0], 1.0), at_once(), step)
    assert run.tasks.left_at[0] == 500.0
