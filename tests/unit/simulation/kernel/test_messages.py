"""What becomes of messages: failures, dead letters, time-outs, batches, kills."""

from __future__ import annotations

import numpy as np
import pytest
from support.simulated import Step, a_trace, at_once, launching, played, with_queue

from autoscaler.core.tasks import Provider
from autoscaler.simulation.knobs import Knobs, SpotMarket, StartUp
from autoscaler.simulation.run import TaskEnd
from autoscaler.simulation.world import SimulatedAws


def desiring(count: int, *, protect: bool) -> Step:
    return lambda aws: aws.set_desired(count, protect=protect)


# ------------------------------------------------------------------------- poison messages


def test_a_poison_message_comes_back_after_pauses_that_double_and_ends_in_the_dead_letters() -> (
    None
):
    """Received at 0, 10+2, 22+4 and 36+8 s; at its next receive, from 54+16 s on, it is dead."""
    knobs = with_queue(at_once(empties=100), poison=1.0, max_receives=4)
    run = played(a_trace([0.0], 10.0), knobs, (0.0, launching()))
    assert run.messages.receives[0] == 4
    assert run.messages.dead[0]
    assert np.isnan(run.messages.finished_at[0])
    assert run.messages.started_at[0] == 0.0
    assert run.tasks.busy_seconds[0] == 40.0
    assert run.minutes.received.sum() == 4
    assert run.minutes.deleted.sum() == 0


def test_a_pause_before_the_next_try_is_capped() -> None:
    knobs = with_queue(
        at_once(empties=100, retry_cap=3.0, back_off=0.0), poison=1.0, max_receives=3
    )
    run = played(a_trace([0.0], 10.0, seconds=100.0), knobs, (0.0, launching()))
    assert run.minutes.in_flight[0] == 0
    assert run.tasks.busy_seconds[0] == 30.0
    assert run.messages.dead[0]


def test_dead_letters_stand_in_nobodys_way() -> None:
    knobs = with_queue(at_once(empties=100), poison=1.0, max_receives=1)
    run = played(a_trace([0.0, 0.0], 10.0), knobs, (0.0, launching()))
    assert run.messages.dead.all()
    assert run.messages.receives.tolist() == [1, 1]


# ------------------------------------------------------------------- visibility, batches


def test_a_message_that_nobody_extends_comes_back_and_is_done_twice() -> None:
    knobs = with_queue(at_once(extends=False, back_off=0.0, empties=50), visibility=30.0)
    run = played(a_trace([0.0], 50.0), knobs, (0.0, launching(2)))
    assert run.messages.receives[0] == 2
    assert run.messages.finished_at[0] == 50.0
    assert run.tasks.busy_seconds.tolist() == [50.0, 50.0]
    assert run.minutes.deleted.sum() == 2  # CloudWatch counts both


def test_a_message_that_is_extended_does_not_come_back() -> None:
    knobs = with_queue(at_once(), visibility=30.0)
    run = played(a_trace([0.0], 50.0), knobs, (0.0, launching(2)))
    assert run.messages.receives[0] == 1


def test_a_serial_worker_deletes_after_its_whole_batch() -> None:
    run = played(a_trace([0.0] * 3, 10.0), at_once(serial=True), (0.0, launching()))
    assert run.messages.started_at.tolist() == [0.0, 10.0, 20.0]
    assert run.messages.finished_at.tolist() == [30.0] * 3
    assert run.tasks.busy_seconds[0] == 30.0


def test_a_batch_longer_than_its_visibility_is_done_twice_by_two_workers() -> None:
    """Five messages of 10 s; at 30 s all come back and the second worker takes them as well."""
    knobs = with_queue(
        at_once(serial=True, extends=False, poll=4.0, back_off=0.0, empties=9), visibility=30.0
    )
    run = played(a_trace([0.0] * 5, 10.0), knobs, (0.0, launching(2)))
    assert run.messages.receives.tolist() == [2] * 5
    assert run.messages.started_at.tolist() == [0.0, 10.0, 20.0, 30.0, 40.0]
    assert set(run.messages.finished_at) == {50.0}
    assert run.tasks.busy_seconds.tolist() == [50.0, 50.0]


# --------------------------------------------------------------------------------- kills


def test_a_killed_task_gives_its_message_back_at_the_end_of_the_grace() -> None:
    knobs = at_once(grace=25.0, back_off=0.0)
    steps = ((0.0, desiring(1, protect=False)), (40.0, desiring(0, protect=False)))
    run = played(a_trace([0.0], 100.0), knobs, *steps, (50.0, desiring(1, protect=False)))
    assert run.tasks.end[0] == TaskEnd.STOPPED
    assert run.tasks.left_at[0] == 65.0
    assert run.tasks.busy_seconds.tolist() == [65.0, 100.0]
    assert run.messages.receives[0] == 2
    assert run.messages.started_at[0] == 0.0
    assert run.messages.finished_at[0] == 165.0


def test_what_fits_in_the_grace_is_finished() -> None:
    steps = ((0.0, desiring(1, protect=False)), (40.0, desiring(0, protect=False)))
    run = played(a_trace([0.0], 60.0), at_once(grace=25.0), *steps)
    assert run.messages.receives[0] == 1
    assert run.tasks.left_at[0] == 60.0


def test_a_protected_task_finishes_what_it_has_in_hand_and_takes_no_more() -> None:
    steps = ((0.0, desiring(1, protect=True)), (40.0, desiring(0, protect=True)))
    run = played(a_trace([0.0, 50.0], 100.0), at_once(), *steps, (300.0, desiring(1, protect=True)))
    assert run.tasks.left_at[0] == 100.0
    assert run.messages.started_at.tolist() == [0.0, 300.0]


def test_the_newest_tasks_are_stopped_first() -> None:
    steps = ((0.0, desiring(1, protect=False)), (1.0, desiring(3, protect=False)))
    run = played(a_trace([0.0], 300.0), at_once(), *steps, (2.0, desiring(1, protect=False)))
    assert run.tasks.end.tolist() == [TaskEnd.ALIVE, TaskEnd.STOPPED, TaskEnd.STOPPED]


@pytest.mark.parametrize(("killed_at", "back_at"), [(10.0, 60.0), (40.0, 90.0), (70.0, 120.0)])
def test_a_message_nobody_gives_back_returns_when_its_last_extension_ends(
    killed_at: float, back_at: float
) -> None:
    """Extended at every half of 60 s."""
    knobs = at_once(grace=0.0, gives_back=False, back_off=0.0)
    steps = ((0.0, desiring(1, protect=False)), (killed_at, desiring(0, protect=False)))
    run = played(a_trace([0.0], 100.0), knobs, *steps, (killed_at, desiring(1, protect=False)))
    assert run.tasks.left_at[0] == killed_at
    assert run.messages.finished_at[0] == back_at + 100.0


def test_a_service_task_never_leaves_by_itself() -> None:
    run = played(a_trace([0.0, 5000.0], 1.0), at_once(), (0.0, desiring(1, protect=False)))
    assert run.tasks.end[0] == TaskEnd.ALIVE
    assert run.messages.started_at.tolist() == [0.0, 5000.0]
    assert run.seconds == 5001.0


# ------------------------------------------------------------------------------------ spot


def test_an_interrupted_task_is_warned_by_sigterm_and_its_message_comes_back() -> None:
    knobs = Knobs(spot=SpotMarket(interruptions_per_hour=3600.0))  # one a second
    run = played(
        a_trace([0.0], 1000.0),
        knobs,
        (0.0, launching(provider=Provider.FARGATE_SPOT)),
        (300.0, launching()),
    )
    first, second = run.tasks.left_at
    assert run.tasks.end.tolist() == [TaskEnd.INTERRUPTED, TaskEnd.LEFT]
    assert 35.0 + 25.0 < first < 35.0 + 25.0 + 20.0
    assert second > 1335.0
    assert run.messages.receives[0] == 2


def test_on_demand_tasks_are_not_interrupted() -> None:
    knobs = Knobs(spot=SpotMarket(interruptions_per_hour=3600.0))
    run = played(a_trace([0.0], 1000.0), knobs, (0.0, launching()))
    assert run.tasks.end[0] == TaskEnd.LEFT


def test_a_service_replaces_tasks_it_loses() -> None:
    def two(aws: SimulatedAws) -> None:
        aws.set_desired(2, protect=False)

    knobs = Knobs(start_up=StartUp(failures=0.5))
    run = played(a_trace([0.0, 600.0], 1.0), knobs, (0.0, two))
    assert (run.tasks.end == TaskEnd.FAILED).sum() > 0
    assert (run.tasks.end == TaskEnd.ALIVE).sum() == 2
