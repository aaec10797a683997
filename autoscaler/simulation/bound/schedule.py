"""A schedule of somebody who knows everything, and the check that it keeps the rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autoscaler.simulation.bound.case import ROUNDING, Case
from autoscaler.simulation.trace import Floats, Integers


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """Times are seconds since the trace's start."""

    billed_seconds: float
    """Of all tasks, by the real rule: whole seconds, and the minimum for each."""
    starts: Floats
    """Of each message, in the trace's order."""
    tasks: Integers
    """Which task each message runs in."""
    on: Floats
    """When each task is usable from; it was launched a start-up earlier."""
    off: Floats
    """When each task has left."""


class ScheduleError(Exception):
    """A schedule breaks a rule; no caller can cause it."""


def schedule_of(case: Case, starts: Floats, tasks: Integers) -> Schedule:
    """Each task is on from the first start to the last end of its messages; numbered from zero."""
    _, tasks = np.unique(tasks, return_inverse=True)
    count = int(tasks.max(initial=-1)) + 1
    on, off = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(on, tasks, starts)
    np.maximum.at(off, tasks, starts + case.work)
    return Schedule(float(case.bill.of(off - on).sum()), starts, tasks, on, off)


def check(case: Case, schedule: Schedule) -> None:
    """Look at a schedule as a stranger would.

    Raises:
        ScheduleError: a message starts before it arrives or after its promise, or outside of its
            task, a task works on more than it has slots, or the bill is not what the tasks cost.
    """
    starts, tasks = schedule.starts, schedule.tasks
    if (starts < case.arrivals).any():
        raise ScheduleError("a message starts before it arrives")
    if (starts > case.arrivals + case.promise + ROUNDING).any():
        raise ScheduleError("a message waits for longer than its promise")
    outside = starts < schedule.on[tasks] - ROUNDING
    if (outside | (starts + case.work > schedule.off[tasks] + ROUNDING)).any():
        raise ScheduleError("a message is worked on while its task is not on")
    if _most_at_once(case, schedule) > case.slots:
        raise ScheduleError("a task works on more messages than it has slots")
    owed = float(case.bill.of(schedule.off - schedule.on).sum())
    if abs(owed - schedule.billed_seconds) > ROUNDING * max(1.0, owed):
        raise ScheduleError("the bill is not what the tasks cost")


def _most_at_once(case: Case, schedule: Schedule) -> int:
    """The most messages that any task works on at a time; one that ends makes room at once."""
    working = case.work > 2 * ROUNDING
    starts, tasks = schedule.starts[working], schedule.tasks[working]
    times = np.concatenate([starts, starts + case.work[working] - ROUNDING])
    steps = np.repeat([1, -1], len(starts))
    both = np.concatenate([tasks, tasks])
    order = np.lexsort((steps, times, both))
    running = np.cumsum(steps[order])
    return int(running.max(initial=0))
