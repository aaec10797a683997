"""A planner that ticks: first come, first served, with as few tasks as late as the promise allows.

At each tick it knows every message that waits and how long each takes. It launches, ahead by a
start-up, what is needed now, as soon as waiting for one more tick would need more.
"""

from __future__ import annotations

import numpy as np

from autoscaler.simulation.bound.compiling import compiled
from autoscaler.simulation.bound.fitting import (
    Fleet,
    Load,
    Places,
    Rule,
    launch,
    let_go,
    nobody,
    put,
)
from autoscaler.simulation.trace import Floats

_TOO_LATE = 2**62
"""Tasks: no number of them keeps the promise."""


@compiled
def plan(load: Load, rule: Rule, step: float) -> Places:
    """A place for every message; ``step``: seconds between ticks, no more than the promise."""
    count = len(load.arrivals)
    fleet = nobody(count, rule.slots)
    places = Places(np.empty(count), np.empty(count, np.int64), np.empty(count, np.int64))
    living = launched = first = last = 0
    now = load.arrivals[0]
    while first < count:
        while last < count and load.arrivals[last] <= now:
            last += 1
        first = _serve(load, rule, fleet, places, living, (first, last, now))
        living = let_go(fleet, living, now - rule.minimum - rule.start_up)
        at = now
        if first < last:
            at = min(now, load.arrivals[first] + rule.promise)
        new = _due(load, rule, fleet, living, (first, last, at, step))
        if at < now:  # what a tick between would have seen to: whoever knows the future did
            new = max(new, 1)
        for task in range(launched, launched + new):
            launch(fleet, task, at)
            fleet.alive[living] = task
            living += 1
        launched += new
        first = _serve(load, rule, fleet, places, living, (first, last, now))
        now = load.arrivals[last] if first == last < count else now + step
    return places


@compiled
def _serve(
    load: Load,
    rule: Rule,
    fleet: Fleet,
    places: Places,
    living: int,
    waiting: tuple[int, int, float],
) -> int:
    """Start what finds a free slot by now, the oldest first; the first that does not."""
    first, last, now = waiting
    while first < last:
        task = _first_free(rule, fleet, living, load.arrivals[first], now)
        if task < 0:
            break
        put(load, fleet, places, task, first)
        first += 1
    return first


@compiled
def _first_free(rule: Rule, fleet: Fleet, living: int, arrival: float, now: float) -> int:
    """The task with the first free slot, of several the one that stays longest; -1: none is."""
    chosen, begin = -1, now
    for index in range(living):
        task = fleet.alive[index]
        start = max(arrival, fleet.soonest[task])
        off = fleet.off[task]
        paid = rule.minimum - rule.start_up - (off - fleet.on[task])
        if start > begin or start > off + max(rule.start_up, paid):
            continue
        if chosen < 0 or start < begin or off > fleet.off[chosen]:
            chosen, begin = task, start
    return chosen


@compiled
def _due(
    load: Load, rule: Rule, fleet: Fleet, living: int, moment: tuple[int, int, float, float]
) -> int:
    """How many tasks to launch now."""
    first, last, now, step = moment
    if first == last:
        return 0
    busy = _busy(rule, fleet, living, now)
    now_need = _need(load, rule, busy, (first, last, now))
    if now_need == 0 or _need(load, rule, busy, (first, last, now + step)) <= now_need:
        return 0
    return now_need


@compiled
def _busy(rule: Rule, fleet: Fleet, living: int, now: float) -> Floats:
    """When the slots that are busy now will be free, in order."""
    ends = np.empty(living * rule.slots)
    count = 0
    for index in range(living):
        for end in fleet.free[fleet.alive[index]]:
            if end > now:
                ends[count] = end
                count += 1
    return np.sort(ends[:count])


@compiled
def _need(load: Load, rule: Rule, busy: Floats, waiting: tuple[int, int, float]) -> int:
    """The fewest new tasks at a moment with which all that waits starts in time."""
    first, last, at = waiting
    if at > load.arrivals[first] + rule.promise:
        return _TOO_LATE
    low, high = 0, -(-(last - first) // rule.slots)
    while low < high:
        middle = (low + high) // 2
        if _in_time(load, rule, busy, waiting, middle):
            high = middle
        else:
            low = middle + 1
    return low


@compiled
def _in_time(
    load: Load, rule: Rule, busy: Floats, waiting: tuple[int, int, float], new: int
) -> bool:
    """Whether all that waits starts in time on busy slots as they get free, and new tasks."""
    first, last, at = waiting
    free = np.sort(np.concatenate((np.full(new * rule.slots, at), busy)))
    if not len(free):
        return False
    for message in range(first, last):
        if free[0] > load.arrivals[message] + rule.promise:
            return False
        _later(free, free[0] + load.work[message])
    return True


@compiled
def _later(heap: Floats, end: float) -> None:
    """Put ``end`` in the place of the smallest."""
    place, count = 0, len(heap)
    while 2 * place + 1 < count:
        child = 2 * place + 1
        if child + 1 < count and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= end:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = end
