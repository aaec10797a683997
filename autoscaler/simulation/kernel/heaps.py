"""Two binary heaps in arrays: what is planned, and which messages are back."""

from __future__ import annotations

from autoscaler.simulation.kernel.compiling import inlined
from autoscaler.simulation.kernel.layout import NONE, ONE, Records, State


@inlined
def plan(w: State, at: float, kind: int, who: int, mark: int, slot: int) -> None:
    """Put an event in; of those of one instant the one planned first comes first."""
    world, events = w.world[0], w.events
    hole = world["events"]
    world["events"] = hole + 1
    world["planned"] += 1
    while hole > 0:
        above = (hole - 1) >> 1
        if events[above]["at"] <= at:
            break
        events[hole] = events[above]
        hole = above
    event = events[hole]
    event["at"] = at
    event["order"] = world["planned"]
    event["kind"] = kind
    event["who"] = who
    event["mark"] = mark
    event["slot"] = slot


@inlined
def drop_first(w: State) -> None:
    """Take the first event out."""
    world, events = w.world[0], w.events
    size = world["events"] - 1
    world["events"] = size
    last = events[size]
    hole, below = NONE, ONE
    while below < size:
        if below + 1 < size and _is_before(events, below + 1, below):
            below += 1
        if not _is_before(events, below, size):
            break
        events[hole] = events[below]
        hole = below
        below = 2 * hole + 1
    events[hole] = last


@inlined
def _is_before(events: Records, one: int, other: int) -> bool:
    at, than = events[one]["at"], events[other]["at"]
    if at != than:
        return bool(at < than)
    return bool(events[one]["order"] < events[other]["order"])


@inlined
def bring_back(w: State, message: int) -> None:
    """Put a message in that can be received again."""
    world, heap = w.world[0], w.messages
    hole = world["returned"]
    world["returned"] = hole + 1
    while hole > 0:
        above = (hole - 1) >> 1
        if heap[above]["returned"] <= message:
            break
        heap[hole]["returned"] = heap[above]["returned"]
        hole = above
    heap[hole]["returned"] = message


@inlined
def oldest_back(w: State) -> int:
    """Take the oldest message out."""
    world, heap = w.world[0], w.messages
    oldest = heap[0]["returned"]
    size = world["returned"] - 1
    world["returned"] = size
    last = heap[size]["returned"]
    hole, below = NONE, ONE
    while below < size:
        if below + 1 < size and heap[below + 1]["returned"] < heap[below]["returned"]:
            below += 1
        if heap[below]["returned"] >= last:
            break
        heap[hole]["returned"] = heap[below]["returned"]
        hole = below
        below = 2 * hole + 1
    heap[hole]["returned"] = last
    return int(oldest)
