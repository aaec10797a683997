"""Lets time pass: what happens next, until there is something for the host to do."""

from __future__ import annotations

import numpy as np

from autoscaler.simulation.kernel.compiling import called, entry, inlined
from autoscaler.simulation.kernel.heaps import drop_first
from autoscaler.simulation.kernel.layout import (
    COMPLETED,
    CROWDED,
    CUT_OFF,
    DIED,
    FAILED,
    INTERRUPTED,
    NOBODY,
    NONE,
    OVER,
    REACHED,
    REPLACE,
    STARTED,
    STOPPED,
    UNPROTECTED,
    VISIBLE,
    WARNED,
    WOKEN,
    State,
)
from autoscaler.simulation.kernel.queue import appear, arrive, oldest_age, visible
from autoscaler.simulation.kernel.receiving import complete, poll_ends, receive, serve, wake
from autoscaler.simulation.kernel.tasks import (
    count_busy,
    cut_off,
    seat,
    start,
    stop,
    unprotected,
)

MINUTE_SECONDS = 60.0
WARNING_SECONDS = 120.0
"""From Spot's warning, which is the SIGTERM, to the end [Fargate Spot]."""
SPARE = 16
"""Places that one step may need beside those for each slot of every task it gives messages to."""
EVENTS, LINE, ARRIVALS, NOTHING = 0, 1, 2, 3


@entry
def advance(w: State, until: float) -> int:
    """Do all that happens up to ``until``; tells why time stopped, perhaps before."""
    while True:
        if _is_over(w):
            return OVER
        if _is_crowded(w):
            return CROWDED
        at, source = _next(w)
        if at > until or source == NOTHING:
            break
        _pass(w, at)
        if _happens(w, source) and w.world[0]["service"]:
            return REPLACE
    _pass(w, until)
    return OVER if _is_over(w) else REACHED


@inlined
def _is_over(w: State) -> bool:
    """Whether all messages are done with and nobody lives who will leave by himself."""
    world = w.world[0]
    if world["gone"] + 1 < w.messages.size or world["now"] < world["ends_at"]:
        return False
    return bool(world["living"] == 0 or world["service"])


@inlined
def _is_crowded(w: State) -> bool:
    """Whether more could be planned in the next step than there is room for."""
    world = w.world[0]
    most = (2 * w.world[0]["width"] + 2) * (world["waiting"] + 1) + SPARE
    return bool(world["events"] + most > w.events.size)


@inlined
def _next(w: State) -> tuple[float, int]:
    """When something happens next, and where. Of one instant an arrival comes first."""
    world = w.world[0]
    at, source = np.inf, NOTHING
    if world["first"] != NOBODY:
        at, source = w.seats[world["first"]]["poll_ends_at"], LINE
    if world["events"] > 0 and w.events[0]["at"] <= at:
        at, source = w.events[0]["at"], EVENTS
    arrives_at = w.messages[world["arrived"]]["arrived_at"]
    if world["first"] != NOBODY and arrives_at <= at:
        at, source = arrives_at, ARRIVALS
    return at, source


@inlined
def _pass(w: State, until: float) -> None:
    """Let the clock run, minute by minute, and messages arrive."""
    world = w.world[0]
    minute_ends = (world["minute"] + 1) * MINUTE_SECONDS
    while minute_ends <= until:
        world["now"] = minute_ends
        _close_minute(w, minute_ends)
        minute_ends += MINUTE_SECONDS
    world["now"] = until
    arrive(w, until)


@called
def _close_minute(w: State, at: float) -> None:
    """Note what CloudWatch will tell of the minute that ends; what is at its end is the next's."""
    world = w.world[0]
    world["arrived"] = max(world["arrived"], w.minutes[world["minute"]]["arrived"])
    count_busy(w, NONE)
    row = w.minutes[world["minute"]]
    row["visible"] = visible(w)
    row["in_flight"] = world["in_flight"]
    row["oldest_age"] = oldest_age(w, at)
    world["minute"] += 1


@inlined
def _happens(w: State, source: int) -> bool:
    """Do what is next; tells whether it cost the fleet a task."""
    if source == LINE:
        poll_ends(w)
    elif source == ARRIVALS:
        serve(w)
    else:
        event = w.events[0]
        kind, who, mark = event["kind"], event["who"], event["mark"]
        slot, at = event["slot"], event["at"]
        drop_first(w)
        if kind == VISIBLE:
            appear(w, who, mark)
            if not _another_appears(w):
                serve(w)
        elif w.seats[who]["number"] == mark:  # its task is not gone
            return _task_event(w, kind, who, slot, at)
    return False


@inlined
def _another_appears(w: State) -> bool:
    """Whether at this very instant one more message comes back: a receive may bring both."""
    if w.world[0]["events"] == 0:
        return False
    return bool(w.events[0]["at"] == w.world[0]["now"] and w.events[0]["kind"] == VISIBLE)


@inlined
def _task_event(w: State, kind: int, who: int, slot: int, at: float) -> bool:
    """Do what was planned for a task; tells whether that costs the fleet one."""
    if kind == COMPLETED:
        complete(w, who, slot)
    elif kind == WOKEN:
        if w.seats[who]["woken_at"] == at:
            wake(w, who)
    elif kind == STARTED:
        start(w, who)
        receive(w, who)
    elif kind == CUT_OFF:
        cut_off(w, who)
        serve(w)
    elif kind == UNPROTECTED:
        unprotected(w, who, at)
    elif kind == FAILED:
        stop(w, who, DIED, 0.0)
    else:
        stop(w, who, INTERRUPTED, min(w.world[0]["grace"], WARNING_SECONDS))
    return bool(kind in (FAILED, WARNED))


@entry
def launch(
    w: State, number: int, at: float, kind: int, not_before: float, warned_at: float
) -> None:
    """Have a task come up; the host has seen to a vacant seat."""
    seat(w, number, at, kind, not_before, warned_at)


@entry
def tell_to_stop(w: State, who: int, grace: float) -> None:
    """Stop a task on behalf of whoever scales the fleet in."""
    stop(w, who, STOPPED, grace)


@entry
def close(w: State) -> None:
    """End the minute that has begun, as the world ends."""
    if w.world[0]["now"] > w.world[0]["minute"] * MINUTE_SECONDS:
        _close_minute(w, w.world[0]["now"])
