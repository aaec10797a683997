"""Time lines: few buckets, and no extreme lost in them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.simulated_runs import Message, Shape, Task, run_of

from autoscaler.core.tasks import Provider
from autoscaler.simulation.report.timeline import coarser, timeline_of
from autoscaler.simulation.run import Run

TASK = Task(launched=30, pull=45, usable=90, left=240)


def run(*tasks: Task, seconds: float = 600.0) -> Run:
    return run_of([Message(0, 90, 100)], tasks, Shape(seconds))


def with_depth(made: Run, depth: list[float]) -> Run:
    visible = np.array(depth)
    return replace(made, minutes=replace(made.minutes, visible=visible))


def test_by_the_minute_nothing_is_merged_and_tasks_are_averages_over_the_minute() -> None:
    line = timeline_of(run(TASK), most=600)
    assert line.step == 60.0
    assert line.tasks["FARGATE", "starting"][:4].tolist() == [0.5, 0.5, 0.0, 0.0]
    assert line.tasks["FARGATE", "running"][:5].tolist() == [0.0, 0.5, 1.0, 1.0, 0.0]
    assert line.tasks_high.tolist() == [1, 1, 1, 1, 0, 0, 0, 0, 0, 0]


def test_a_bucket_keeps_the_least_and_the_most_of_its_minutes() -> None:
    depth = [0.0, 0, 90, 0, 3, 4, 5, 6, 7, 8]
    line = timeline_of(with_depth(run(TASK), depth), most=2)
    assert line.step == 300.0
    assert line.waiting_low.tolist() == [0, 4]
    assert line.waiting_high.tolist() == [90, 8]


def test_the_oldest_waits_until_its_start_and_not_until_its_end() -> None:
    """Of the others that came meanwhile the next is then the oldest; 20 s never reach a minute."""
    messages = [Message(10, 200, 500), Message(100, 250, 260), Message(305, 325, 335)]
    line = timeline_of(run_of(messages, [TASK], Shape(600)), most=600)
    assert line.age_low[:6].tolist() == [50, 110, 170, 140, 0, 0]
    assert line.age_high[:6].tolist() == [50, 110, 170, 190, 150, 20]


def test_a_message_that_is_never_started_grows_older_until_the_end() -> None:
    line = timeline_of(run_of([Message(0)], [TASK], Shape(600)), most=1)
    assert line.age_high.tolist() == [600]


def test_without_messages_none_waits() -> None:
    assert timeline_of(run_of([], [TASK], Shape(600)), most=1).age_high.tolist() == [0]


def test_the_most_tasks_are_counted_within_the_bucket_and_not_averaged() -> None:
    """Two overlap for ten seconds of ten minutes."""
    other = Task(launched=230, pull=235, usable=236, left=300)
    line = timeline_of(run(TASK, other), most=1)
    assert line.tasks_high.tolist() == [2]
    assert float(sum(line.tasks.values())[0]) == pytest.approx((210 + 70) / 600)


def test_a_task_that_lives_on_counts_in_the_buckets_in_which_nothing_happens() -> None:
    line = timeline_of(run(Task(10, 20, 30, 590)), most=600)
    assert line.tasks_high[1:9].tolist() == [1] * 8


def test_providers_are_told_apart_and_those_without_tasks_left_out() -> None:
    spot = replace(TASK, provider=Provider.FARGATE_SPOT)
    assert set(timeline_of(run(spot), most=9).tasks) == {
        ("FARGATE_SPOT", "starting"),
        ("FARGATE_SPOT", "running"),
    }


def test_a_task_that_never_was_usable_was_starting_until_its_end() -> None:
    line = timeline_of(run(replace(TASK, usable=float("nan"))), most=1)
    assert line.tasks["FARGATE", "starting"][0] == pytest.approx(210 / 600)
    assert line.tasks["FARGATE", "running"][0] == 0


def test_it_ends_with_the_last_task_and_not_with_the_world() -> None:
    """The world goes on for a day after a trace, to see what becomes of what is left."""
    made = run(TASK, seconds=600.0)
    made = replace(made, trace=replace(made.trace, seconds=120.0))
    assert len(timeline_of(made, most=600)) == 4


def test_a_coarser_one_has_the_same_extremes_and_the_same_mean() -> None:
    fine = timeline_of(with_depth(run(TASK), [0.0, 0, 90, 0, 3, 4, 5, 6, 7, 8]), most=600)
    coarse = coarser(fine, most=3)
    assert (len(coarse), coarse.step) == (3, 240.0)
    assert coarse.waiting_high.tolist() == [90, 6, 8]
    assert coarse.waiting_low.tolist() == [0, 3, 7]
    assert coarse.tasks["FARGATE", "running"].tolist() == [2.5 / 4, 0, 0]
