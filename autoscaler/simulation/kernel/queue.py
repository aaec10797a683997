"""The queue: what can be received, what is in hand, what is deleted or dead.

A standard queue of SQS that hands out the oldest first.
"""

from __future__ import annotations

import numpy as np

from autoscaler.simulation.kernel.compiling import compiled
from autoscaler.simulation.kernel.heaps import bring_back, oldest_back, plan
from autoscaler.simulation.kernel.layout import (
    GONE,
    IN_FLIGHT,
    NOBODY,
    RETURNED,
    VISIBLE,
    State,
)

LEFT_OUT_OF_AGE = 3
"""Receives after which a message no longer counts for the age of the oldest (T3)."""
LONGEST_DOUBLING = 40
"""2^40 s is above any cap, and a number that can be shifted to."""


@compiled
def arrive(w: State, until: float) -> None:
    """Take in what has arrived by then."""
    totals, arrivals = w.totals[0], w.arrivals
    arrived = totals["arrived"]
    while arrived < arrivals.size and arrivals[arrived] <= until:
        arrived += 1
    totals["arrived"] = arrived


@compiled
def visible(w: State) -> int:
    """How many messages can be received."""
    totals = w.totals[0]
    return int(totals["arrived"] - totals["fresh"] + totals["back"])


@compiled
def take(w: State) -> int:
    """Receive the oldest message; NOBODY if there is none.

    One that was received too often goes to the dead letters instead.
    """
    totals = w.totals[0]
    while visible(w) > 0:
        message = _next(w)
        one = w.messages[message]
        if one["receives"] < w.rules[0]["max_receives"]:
            one["receives"] += 1
            one["state"] = IN_FLIGHT
            totals["in_flight"] += 1
            if not w.rules[0]["extends"]:
                ends_at = totals["now"] + w.rules[0]["visibility"]
                plan(w, ends_at, VISIBLE, message, one["receives"], 0)
            return message
        one["state"] = GONE
        one["dead"] = 1
        totals["gone"] += 1
    return NOBODY


@compiled
def _next(w: State) -> int:
    """Take the oldest visible message out; those that are back are older than those never seen."""
    totals = w.totals[0]
    if totals["back"] == 0:
        totals["fresh"] += 1
        return int(totals["fresh"] - 1)
    totals["back"] -= 1
    message = oldest_back(w)
    while w.messages[message]["state"] != RETURNED:  # deleted meanwhile by who had it before
        message = oldest_back(w)
    return message


@compiled
def delete(w: State, message: int) -> None:
    """Delete a message; one that somebody else has by now, or that is gone, as well."""
    one, totals = w.messages[message], w.totals[0]
    w.minutes[totals["minute"]]["deleted"] += 1.0
    if one["state"] == GONE:
        return
    if one["state"] == IN_FLIGHT:
        totals["in_flight"] -= 1
    else:
        totals["back"] -= 1
    one["state"] = GONE
    one["finished_at"] = totals["now"]
    totals["gone"] += 1


@compiled
def hold_back(w: State, message: int, mark: int) -> None:
    """Keep a message that failed away for a while, longer after each receive."""
    one, rules = w.messages[message], w.rules[0]
    if not rules["extends"]:
        return  # it comes back by its time-out
    doublings = min(one["receives"], LONGEST_DOUBLING)
    pause = min(float(1 << doublings), rules["retry_cap"])
    plan(w, w.totals[0]["now"] + pause, VISIBLE, message, mark, 0)


@compiled
def appear(w: State, message: int, mark: int) -> bool:
    """Let a message be received again, unless it was meanwhile; tells whether it can."""
    one, totals = w.messages[message], w.totals[0]
    if one["state"] != IN_FLIGHT or one["receives"] != mark:
        return False
    one["state"] = RETURNED
    totals["in_flight"] -= 1
    totals["back"] += 1
    bring_back(w, message)
    return True


@compiled
def oldest_age(w: State, at: float) -> float:
    """Of the oldest message, deleted ones and those received three times left out; NaN: none."""
    totals = w.totals[0]
    oldest = totals["oldest"]
    while oldest < totals["arrived"]:
        one = w.messages[oldest]
        if one["state"] != GONE and one["receives"] < LEFT_OUT_OF_AGE:
            break
        oldest += 1
    totals["oldest"] = oldest
    return at - w.arrivals[oldest] if oldest < totals["arrived"] else np.nan
