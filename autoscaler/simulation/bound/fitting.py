"""Message after message into the task that it makes least dearer: packing with full knowledge.

The first-fit idea of busy-time scheduling, by added bill instead of by first place. A task that
has not begun yet takes in what arrives meanwhile, so a late beginning makes batches and an early
one makes chains. One pass takes messages times tasks that are on; numba compiles it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from autoscaler.simulation.bound.compiling import compiled
from autoscaler.simulation.trace import Floats, Integers

_TIE = 1e-6
"""Weighs moments and idle seconds against billed seconds, so that they only break ties."""


class Load(NamedTuple):
    """What is to be done."""

    arrivals: Floats
    work: Floats
    order: Integers
    """In which the messages are placed."""
    rest: Floats
    """At each place in that order: the earliest arrival among what is still to be placed."""


class Rule(NamedTuple):
    """By what a message's place is chosen. Seconds, but for what says otherwise."""

    slots: int
    promise: float
    start_up: float
    minimum: float
    wait: float
    """Share of the promise after which a task begins that a message gets for itself."""
    early: float
    """Of places that cost the same: 1 takes the one that starts first, -1 last."""
    fresh: float
    """Weighs the bill of a new task against what a message adds to another's."""


class Fleet(NamedTuple):
    """The tasks so far. Those that can still take something come first in ``alive``."""

    on: Floats
    off: Floats
    free: Floats
    """From when on each slot of each task is free."""
    soonest: Floats
    """The first of them."""
    alive: Integers


class Places(NamedTuple):
    """Where each message went."""

    starts: Floats
    tasks: Integers
    lines: Integers
    """The slot of its task."""


@compiled
def fit(load: Load, rule: Rule) -> Places:
    """A place for every message."""
    count = len(load.arrivals)
    fleet = nobody(count, rule.slots)
    places = Places(np.empty(count), np.empty(count, np.int64), np.empty(count, np.int64))
    living = launched = 0
    for place in range(count):
        message = load.order[place]
        living = let_go(fleet, living, load.rest[place] - rule.minimum - rule.start_up)
        task = _cheapest(load, rule, fleet, living, message)
        if task < 0:
            task = launched
            launch(fleet, task, load.arrivals[message] + rule.wait * rule.promise)
            fleet.alive[living] = task
            living += 1
            launched += 1
        put(load, fleet, places, task, message)
    return places


@compiled
def nobody(count: int, slots: int) -> Fleet:
    """Room for so many tasks."""
    return Fleet(
        np.empty(count),
        np.empty(count),
        np.empty((count, slots)),
        np.empty(count),
        np.empty(count, np.int64),
    )


@compiled
def let_go(fleet: Fleet, living: int, before: float) -> int:
    """Forget tasks that were done so long ago that a new one is never dearer; how many are left."""
    kept = 0
    for index in range(living):
        task = fleet.alive[index]
        if fleet.off[task] >= before:
            fleet.alive[kept] = task
            kept += 1
    return kept


@compiled
def _cheapest(load: Load, rule: Rule, fleet: Fleet, living: int, message: int) -> int:
    """The task that a message makes least dearer; -1: a new one is cheaper."""
    arrival, work = load.arrivals[message], load.work[message]
    least, chosen = rule.fresh * max(rule.minimum, rule.start_up + work), -1
    for index in range(living):
        task = fleet.alive[index]
        start = max(arrival, fleet.soonest[task])
        if start > arrival + rule.promise:
            continue
        on, off = fleet.on[task], fleet.off[task]
        after = max(rule.minimum, rule.start_up + max(off, start + work) - on)
        added = after - max(rule.minimum, rule.start_up + off - on)
        added += _TIE * (rule.early * (start - arrival) + max(0.0, start - off))
        if added < least:
            least, chosen = added, task
    return chosen


@compiled
def launch(fleet: Fleet, task: int, begin: float) -> None:
    """A new task, usable from ``begin`` on."""
    fleet.on[task] = begin
    fleet.off[task] = begin
    fleet.free[task] = begin
    fleet.soonest[task] = begin


@compiled
def put(load: Load, fleet: Fleet, places: Places, task: int, message: int) -> None:
    """Start a message in a task as soon as one of its slots is free."""
    free = fleet.free[task]
    start = max(load.arrivals[message], fleet.soonest[task])
    line = _line(free, start)
    end = start + load.work[message]
    free[line] = end
    fleet.soonest[task] = free.min()
    fleet.off[task] = max(fleet.off[task], end)
    places.starts[message] = start
    places.tasks[message] = task
    places.lines[message] = line


@compiled
def _line(free: Floats, start: float) -> int:
    """Of the slots that are free by then, the one that became so last: it idles least."""
    chosen = -1
    for line in range(len(free)):
        if free[line] <= start and (chosen < 0 or free[line] > free[chosen]):
            chosen = line
    return chosen
