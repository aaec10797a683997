"""What the simulated AWS tells and takes."""

from __future__ import annotations

from dataclasses import astuple, replace

import numpy as np
import pytest
from support.simulated import a_trace, at_once, launching, played

from autoscaler.core.tasks import Provider
from autoscaler.simulation.knobs import Counts, Knobs, Launches, Metrics, SpotMarket, StartUp
from autoscaler.simulation.run import TaskEnd
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.world import QueueCounts, RunTaskError, SimulatedAws, TaskCounts


def world_at(now: float, trace: Trace, knobs: Knobs | None = None, seed: int = 1) -> SimulatedAws:
    aws = SimulatedAws(trace, knobs or Knobs(), seed)
    aws.pass_time(now)
    return aws


LONG = 1e6


# ---------------------------------------------------------------------------------- counts


def test_counts_tell_what_is_visible_and_what_is_in_hand() -> None:
    aws = world_at(5.0, a_trace([0.0, 1.0, 2.0, 60.0], 100.0), at_once())
    assert aws.count() == QueueCounts(3, 0)
    aws.launch(1)
    aws.pass_time(6.0)
    assert aws.count() == QueueCounts(2, 1)
    assert aws.api_calls == {"GetQueueAttributes": 2, "RunTask": 1}


def test_what_is_told_are_plain_numbers_whoever_adds_them_up() -> None:
    aws = world_at(5.0, a_trace([0.0, 1.0, 2.0, 60.0], 100.0), at_once())
    aws.launch(2)
    aws.pass_time(6.0)
    aws.launch(1)
    told = [*astuple(aws.count()), *astuple(aws.tasks()), aws.stage.visible, aws.stage.is_done]
    assert {type(number) for number in told} == {int, bool}


def test_a_lagging_count_is_that_of_so_long_ago() -> None:
    knobs = Knobs(counts=Counts(lag=30.0))
    aws = SimulatedAws(a_trace([0.0, 50.0, 90.0], 1.0), knobs, 1)
    told = []
    for now in (0.0, 60.0, 100.0, 200.0):
        aws.pass_time(now)
        told.append(aws.count().visible)
    assert told == [0, 1, 2, 3]


def test_a_noisy_count_is_wrong_by_up_to_its_share_each_reading_anew() -> None:
    aws = world_at(1.0, a_trace([0.0] * 1000, 1.0), Knobs(counts=Counts(noise=0.1)))
    told = [aws.count().visible for _ in range(200)]
    assert 900 <= min(told) < 920
    assert 1080 < max(told) <= 1100
    assert abs(np.mean(told) - 1000) < 15


def test_the_error_of_a_count_may_stay_for_a_while() -> None:
    counts = Counts(noise=0.1, persistence=0.9)
    aws = world_at(1.0, a_trace([0.0] * 1000, 1.0), Knobs(counts=counts))
    told = np.array([aws.count().visible for _ in range(400)], dtype=float)
    assert 900 <= told.min() < told.max() <= 1100
    assert np.corrcoef(told[1:], told[:-1])[0, 1] > 0.8


# --------------------------------------------------------------------------------- metrics


def test_a_minute_is_told_so_long_after_its_end() -> None:
    aws = world_at(149.0, a_trace([10.0, 70.0], 100.0, LONG), Knobs(metrics=Metrics(lag=90.0)))
    assert aws.minutes(10) == []
    aws.pass_time(150.0)
    (minute,) = aws.minutes(10)
    assert (minute.ends_at, minute.sent, minute.visible, minute.oldest_age) == (
        60.0,
        1.0,
        1.0,
        50.0,
    )


def test_minutes_are_the_newest_oldest_first() -> None:
    aws = world_at(1000.0, a_trace([10.0], 100.0, LONG), Knobs(metrics=Metrics(lag=0.0)))
    assert [one.ends_at for one in aws.minutes(3)] == [840.0, 900.0, 960.0]


def test_some_minutes_never_get_a_datapoint() -> None:
    knobs = Knobs(metrics=Metrics(lag=0.0, gaps=0.3))
    aws = world_at(60_000.0, a_trace([10.0], 100.0, LONG), knobs)
    assert 250 < 1000 - len(aws.minutes(1000)) < 350


def test_the_age_is_unknown_while_the_queue_is_empty() -> None:
    aws = world_at(300.0, a_trace([200.0], 100.0, LONG), Knobs(metrics=Metrics(lag=0.0)))
    assert [one.oldest_age for one in aws.minutes(10)] == [None, None, None, 40.0, 100.0]


def test_the_age_leaves_out_what_was_received_three_times() -> None:
    knobs = at_once(empties=100, back_off=0.0)
    knobs = replace(knobs, queue=replace(knobs.queue, poison=1.0, max_receives=100))
    run = played(a_trace([0.0], 10.0, 120.0), knobs, (0.0, launching()))
    assert run.minutes.received[0] == 4  # at 0, 12, 26 and 44 s
    assert np.isnan(run.minutes.oldest_age[0])


def test_minutes_add_up() -> None:
    """Two messages of 50 s from 30 s on, one slot."""
    run = played(a_trace([0.0, 40.0], 50.0), at_once(), (30.0, launching()))
    assert run.minutes.sent[:3].tolist() == [2.0, 0.0, 0.0]
    assert run.minutes.busy_seconds[:3].tolist() == [30.0, 60.0, 10.0]
    assert run.minutes.deleted[:3].tolist() == [0.0, 1.0, 1.0]
    assert run.minutes.visible[:3].tolist() == [1.0, 0.0, 0.0]
    assert run.minutes.in_flight[:3].tolist() == [1.0, 1.0, 0.0]
    assert run.minutes.oldest_age[:2].tolist() == [60.0, 80.0]


def test_workers_may_publish_nothing() -> None:
    knobs = Knobs(metrics=Metrics(lag=0.0, from_workers=False))
    aws = world_at(120.0, a_trace([10.0], 1.0, LONG), knobs)
    assert [one.busy_seconds for one in aws.minutes(2)] == [None, None]


# -------------------------------------------------------------------------------- launches


def test_more_than_ten_tasks_in_one_call_are_turned_away() -> None:
    aws = world_at(0.0, a_trace([0.0], 1.0))
    with pytest.raises(RunTaskError, match="InvalidParameterException"):
        aws.launch(11)
    assert aws.launch_failures == 11
    assert aws.tasks() == TaskCounts(0, 0, 0)


def test_a_launched_task_is_starting_and_then_running() -> None:
    aws = world_at(0.0, a_trace([0.0], 100.0))
    assert aws.launch(2) == 2
    assert aws.tasks() == TaskCounts(starting=2, running=0, desired=2)
    aws.pass_time(35.0)
    assert aws.tasks() == TaskCounts(starting=0, running=2, desired=2)


def test_launches_beyond_the_bucket_are_throttled_for_each_provider_apart() -> None:
    knobs = Knobs(launches=Launches(burst=15, per_second=1.0))
    aws = world_at(0.0, a_trace([0.0], 100.0), knobs)
    aws.launch(10)
    with pytest.raises(RunTaskError, match="ThrottlingException"):
        aws.launch(10)
    assert aws.launch(10, Provider.FARGATE_SPOT) == 10
    aws.pass_time(5.0)
    assert aws.launch(10) == 10


def test_a_share_of_calls_is_refused() -> None:
    knobs = Knobs(launches=Launches(refused=0.3, burst=10_000))
    aws = world_at(0.0, a_trace([0.0], 100.0), knobs)
    refused = 0
    for _ in range(300):
        try:
            aws.launch(1)
        except RunTaskError:
            refused += 1
    assert 60 < refused < 120
    assert aws.launch_failures == refused


def test_while_spot_is_short_nothing_comes_up_there() -> None:
    knobs = Knobs(spot=SpotMarket(shortages=((100.0, 200.0),)))
    aws = world_at(150.0, a_trace([0.0], 100.0, LONG), knobs)
    assert aws.launch(3, Provider.FARGATE_SPOT) == 0
    assert aws.launch(3) == 3
    assert aws.launch_failures == 3
    aws.pass_time(200.0)
    assert aws.launch(3, Provider.FARGATE_SPOT) == 3


def test_in_an_outage_every_call_is_turned_away() -> None:
    knobs = Knobs(launches=Launches(outages=((100.0, 200.0),)))
    aws = world_at(150.0, a_trace([0.0], 100.0, LONG), knobs)
    with pytest.raises(RunTaskError, match="on ECS's side"):
        aws.launch(3)
    assert aws.launch_failures == 3
    aws.pass_time(200.0)
    assert aws.launch(3) == 3


def test_there_are_stretches_in_which_a_start_up_takes_twice_as_long() -> None:
    knobs = Knobs(start_up=StartUp(unbilled=10.0, billed=20.0, slow=((50.0, 60.0),)))
    hours = a_trace([0.0, 90.0], 1.0)
    run = played(hours, knobs, *[(at, launching()) for at in (0.0, 50.0, 60.0)])
    assert (run.tasks.pull_at - run.tasks.launched_at).tolist() == [10.0, 20.0, 10.0]
    assert (run.tasks.usable_at - run.tasks.pull_at).tolist() == [20.0, 40.0, 20.0]


def test_start_ups_vary_by_up_to_their_jitter() -> None:
    knobs = Knobs(start_up=StartUp(unbilled=10.0, billed=20.0, jitter=0.5))
    run = played(a_trace([0.0], 1.0), knobs, *[(0.0, launching(10))] * 9)
    unbilled = run.tasks.pull_at - run.tasks.launched_at
    billed = run.tasks.usable_at - run.tasks.pull_at
    assert 5.0 <= unbilled.min() < 6.0
    assert 14.0 < unbilled.max() <= 15.0
    assert 10.0 <= billed.min() < 12.0
    assert 28.0 < billed.max() <= 30.0


def test_a_task_that_fails_to_start_does_so_before_its_bill_begins() -> None:
    knobs = Knobs(start_up=StartUp(failures=1.0))
    run = played(a_trace([0.0], 1.0), knobs, (0.0, launching()))
    assert run.tasks.end[0] == TaskEnd.FAILED
    assert run.tasks.left_at[0] == 15.0
    assert run.tasks.billed_seconds[0] == 0.0


# ------------------------------------------------------------------------------ the world


def test_the_world_ends_when_all_is_done_and_nobody_lives() -> None:
    run = played(a_trace([0.0], 10.0), at_once(), (0.0, launching()))
    assert run.seconds == run.tasks.left_at[0] == 17.0


def test_the_world_goes_on_for_as_long_as_the_trace() -> None:
    run = played(a_trace([0.0], 10.0, seconds=500.0), at_once(), (0.0, launching()))
    assert run.seconds == 500.0


def test_what_nobody_does_is_left_after_the_drain() -> None:
    run = played(a_trace([0.0], 10.0, seconds=500.0), replace(Knobs(), drain=1000.0))
    assert run.seconds == 1500.0
    assert np.isnan(run.messages.finished_at[0])
    assert not run.messages.dead[0]


def test_an_empty_trace_is_an_empty_run() -> None:
    run = played(a_trace([], 1.0, seconds=90.0), Knobs())
    assert len(run.messages.finished_at) == len(run.tasks) == 0
    assert run.minutes.sent.tolist() == [0.0, 0.0]


def test_a_trace_that_does_not_tell_its_work_is_refused() -> None:
    unknown = replace(a_trace([0.0], 1.0), work=None)
    with pytest.raises(ValueError, match="the trace t does not tell how long"):
        played(unknown, Knobs())


def test_thousands_of_tasks_may_be_started_and_stopped_before_time_passes() -> None:
    aws = world_at(0.0, a_trace([0.0], 1.0), Knobs(launches=Launches(burst=10_000)))
    aws.set_desired(3_000, protect=False)
    assert len(aws.stage.state.events) > 3_000
    aws.pass_time(100.0)
    aws.set_desired(0, protect=False)
    aws.pass_time(200.0)
    assert aws.stage.launched == 3_000
    assert not aws.living
