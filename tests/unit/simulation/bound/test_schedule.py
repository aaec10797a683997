"""The validator sees every way in which a schedule can be wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autoscaler.simulation.bound.case import Bill, Case
from autoscaler.simulation.bound.schedule import Schedule, ScheduleError, check, schedule_of

CASE = Case(np.array([0.0, 0.0, 10.0]), np.array([30.0, 50.0, 20.0]), 2, 60.0, Bill(20.0, 60.0))
STARTS = np.array([5.0, 5.0, 35.0])
RIGHT = schedule_of(CASE, STARTS, np.array([0, 0, 0]))


def _broken(**changed: object) -> Schedule:
    return replace(RIGHT, **changed)  # type: ignore[arg-type]  # one field each


def test_a_schedule_that_keeps_the_rules_passes() -> None:
    check(CASE, RIGHT)
    assert (RIGHT.on[0], RIGHT.off[0], RIGHT.billed_seconds) == (5.0, 55.0, 70.0)


def test_tasks_are_numbered_from_zero_whatever_they_were_called() -> None:
    assert schedule_of(CASE, STARTS, np.array([7, 3, 7])).tasks.tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (_broken(starts=STARTS - np.array([0.0, 0.0, 26.0])), "before it arrives"),
        (_broken(starts=STARTS + np.array([0.0, 56.0, 0.0])), "longer than its promise"),
        (_broken(off=RIGHT.off - 1.0), "while its task is not on"),
        (_broken(on=RIGHT.on + 1.0), "while its task is not on"),
        (_broken(starts=STARTS - np.array([0.0, 0.0, 1.0])), "more messages than it has slots"),
        (_broken(billed_seconds=69.0), "the bill"),
    ],
)
def test_a_broken_rule_is_named(wrong: Schedule, told: str) -> None:
    with pytest.raises(ScheduleError, match=told):
        check(CASE, wrong)


def test_the_bill_is_whole_seconds_and_a_minute_at_least() -> None:
    usable = np.array([1.0, 40.0, 40.1, 100.0])
    assert Bill(20.0, 60.0).of(usable).tolist() == [60.0, 60.0, 61.0, 120.0]
