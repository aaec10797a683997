"""Lets time pass: what happens next, until there is something for the host to do."""

from __future__ import annotations

import numpy as np

from autoscaler.simulation.kernel.compiling import compiled
from autoscaler.simulation.kernel.heaps import drop_first
from autoscaler.simulation.kernel.layout import (
    COMPLETED,
    CROWDED,
    CUT_OFF,
    DIED,
    FAILED,
    INTERRUPTED,
    NOBODY,
    OVER,
    REACHED,
    REPLACE,
    STARTED,
    VISIBLE,
    WARNED,
    WOKEN,
    State,
)
from autoscaler.simulation.kernel.queue import appear, arrive, oldest_age, visible
from autoscaler.simulation.kernel.receiving import complete, poll_ends, receive, serve, wake
from autoscaler.simulation.kernel.tasks import count_busy, cut_off, seat, start, stop

__all__ = ["advance", "seat", "stop"]

MINUTE_SECONDS = 60.0
WARNING_SECONDS = 120.0
"""From Spot's warning, which is the SIGTERM, to the end [Fargate Spot]."""
SPARE = 16
"""Places that one step may need beside those for each slot of every task it gives messages to."""
EVENTS, LINE, ARRIVALS, NOTHING = 0, 1, 2, 3


@compiled
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
        if _happens(w, source) and w.rules[0]["service"]:
            return REPLACE
    _pass(w, until)
    return OVER if _is_over(w) else REACHED


@compiled
def _is_over(w: State) -> bool:
    """Whether all messages are done with and nobody lives who will leave by himself."""
    totals, rules = w.totals[0], w.rules[0]
    if totals["gone"] < w.arrivals.size or totals["now"] < rules["ends_at"]:
        return False
    return bool(totals["living"] == 0 or rules["service"])


@compiled
def _is_crowded(w: State) -> bool:
    """Whether an array could overflow in the next step."""
    totals = w.totals[0]
    most = (2 * w.rules[0]["width"] + 2) * (totals["waiting"] + 1) + SPARE
    if totals["events"] + most > w.events.size or totals["returned"] + most > w.returned.size:
        return True
    return bool(totals["changed"] + SPARE > w.changed.size)


@compiled
def _next(w: State) -> tuple[float, int]:
    """When something happens next, and where. Of one instant an arrival comes first."""
    totals = w.totals[0]
    at, source = np.inf, NOTHING
    if totals["first"] != NOBODY:
        at, source = w.seats[totals["first"]]["poll_ends_at"], LINE
    if totals["events"] > 0 and w.events[0]["at"] <= at:
        at, source = w.events[0]["at"], EVENTS
    waited_for = totals["first"] != NOBODY and totals["arrived"] < w.arrivals.size
    if waited_for and w.arrivals[totals["arrived"]] <= at:
        at, source = w.arrivals[totals["arrived"]], ARRIVALS
    return at, source


@compiled
def _pass(w: State, until: float) -> None:
    """Let the clock run, minute by minute, and messages arrive."""
    totals = w.totals[0]
    minute_ends = (totals["minute"] + 1) * MINUTE_SECONDS
    while minute_ends <= until:
        totals["now"] = minute_ends
        _close_minute(w, minute_ends)
        minute_ends += MINUTE_SECONDS
    totals["now"] = until
    arrive(w, until)


@compiled
def _close_minute(w: State, at: float) -> None:
    """Note what CloudWatch will tell of the minute that ends; what is at its end is the next's."""
    totals = w.totals[0]
    totals["arrived"] = max(totals["arrived"], w.arrived_by[totals["minute"]])
    count_busy(w, 0)
    row = w.minutes[totals["minute"]]
    row["visible"] = visible(w)
    row["in_flight"] = totals["in_flight"]
    row["oldest_age"] = oldest_age(w, at)
    totals["minute"] += 1


@compiled
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
            if appear(w, who, mark):
                serve(w)
        elif w.seats[who]["number"] == mark:  # its task is not gone
            return _task_event(w, kind, who, slot, at)
    return False


@compiled
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
    elif kind == FAILED:
        stop(w, who, DIED, 0.0)
    else:
        stop(w, who, INTERRUPTED, min(w.rules[0]["grace"], WARNING_SECONDS))
    return bool(kind in (FAILED, WARNED))
