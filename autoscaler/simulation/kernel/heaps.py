"""Two binary heaps in arrays: what is planned, and which messages are back."""

from __future__ import annotations

from autoscaler.simulation.kernel.compiling import compiled
from autoscaler.simulation.kernel.layout import Records, State


@compiled
def plan(w: State, at: float, kind: int, who: int, mark: int, slot: int) -> None:
    """Put an event in; of those of one instant the one planned first comes first."""
    totals, events = w.totals[0], w.events
    hole = totals["events"]
    totals["events"] = hole + 1
    totals["planned"] += 1
    while hole > 0:
        above = (hole - 1) >> 1
        if events[above]["at"] <= at:
            break
        events[hole] = events[above]
        hole = above
    event = events[hole]
    event["at"] = at
    event["order"] = totals["planned"]
    event["kind"] = kind
    event["who"] = who
    event["mark"] = mark
    event["slot"] = slot


@compiled
def drop_first(w: State) -> None:
    """Take the first event out."""
    totals, events = w.totals[0], w.events
    size = totals["events"] - 1
    totals["events"] = size
    last = events[size]
    hole, below = 0, 1
    while below < size:
        if below + 1 < size and _is_before(events, below + 1, below):
            below += 1
        if not _is_before(events, below, size):
            break
        events[hole] = events[below]
        hole = below
        below = 2 * hole + 1
    events[hole] = last


@compiled
def _is_before(events: Records, one: int, other: int) -> bool:
    at, than = events[one]["at"], events[other]["at"]
    if at != than:
        return bool(at < than)
    return bool(events[one]["order"] < events[other]["order"])


@compiled
def bring_back(w: State, message: int) -> None:
    """Put a message in that can be received again."""
    totals, heap = w.totals[0], w.returned
    hole = totals["returned"]
    totals["returned"] = hole + 1
    while hole > 0:
        above = (hole - 1) >> 1
        if heap[above] <= message:
            break
        heap[hole] = heap[above]
        hole = above
    heap[hole] = message


@compiled
def oldest_back(w: State) -> int:
    """Take the oldest message out."""
    totals, heap = w.totals[0], w.returned
    oldest = heap[0]
    size = totals["returned"] - 1
    totals["returned"] = size
    last = heap[size]
    hole, below = 0, 1
    while below < size:
        if below + 1 < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= last:
            break
        heap[hole] = heap[below]
        hole = below
        below = 2 * hole + 1
    heap[hole] = last
    return int(oldest)
