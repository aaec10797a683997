"""Takes the idle time out of tasks, without moving any message to another slot."""

from __future__ import annotations

import numpy as np

from autoscaler.simulation.bound.case import Case
from autoscaler.simulation.bound.compiling import compiled
from autoscaler.simulation.bound.fitting import Places
from autoscaler.simulation.trace import Floats, Integers


def without_idling(case: Case, places: Places) -> Places:
    """Each task begins as late as its end allows, and then ends as early as its beginning does."""
    ends = places.starts + case.work  # what takes no time comes before what begins with it
    order = np.lexsort((ends, places.starts, places.lines, places.tasks))
    slot = places.tasks * case.slots + places.lines
    starts = places.starts.copy()
    off = _last(places.tasks, starts + case.work)
    _later(order, slot, places.tasks, (case.arrivals + case.promise, case.work), off, starts)
    on = -_last(places.tasks, -starts)
    _earlier(order, slot, places.tasks, (case.arrivals, case.work), on, starts)
    return places._replace(starts=starts)


def _last(tasks: Integers, moments: Floats) -> Floats:
    """Of each task's moments."""
    last = np.full(tasks.max(initial=-1) + 1, -np.inf)
    np.maximum.at(last, tasks, moments)
    return last


@compiled
def _later(
    order: Integers,
    slot: Integers,
    tasks: Integers,
    jobs: tuple[Floats, Floats],
    off: Floats,
    starts: Floats,
) -> None:
    """Start everything as late as the promise, what follows in its slot and the task's end let."""
    deadlines, work = jobs
    follows, seen = 0.0, -1
    for place in range(len(order) - 1, -1, -1):
        message = order[place]
        until = follows if slot[message] == seen else off[tasks[message]]
        latest = min(deadlines[message], until - work[message])
        starts[message] = max(starts[message], latest)
        follows, seen = starts[message], slot[message]


@compiled
def _earlier(
    order: Integers,
    slot: Integers,
    tasks: Integers,
    jobs: tuple[Floats, Floats],
    on: Floats,
    starts: Floats,
) -> None:
    """Start everything as soon as it is there, its slot is free and its task is on."""
    arrivals, work = jobs
    free, seen = 0.0, -1
    for place in range(len(order)):
        message = order[place]
        since = free if slot[message] == seen else on[tasks[message]]
        starts[message] = max(arrivals[message], since)
        free, seen = starts[message] + work[message], slot[message]
