"""The queue: what can be received, what is in hand, what is deleted or dead.

A standard queue of SQS that hands out the oldest first.
"""

from __future__ import annotations

import numpy as np

from autoscaler.simulation.kernel.compiling import called, inlined
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


@inlined
def arrive(w: State, until: float) -> None:
    """Take in what has arrived by then."""
    world = w.world[0]
    arrived = world["arrived"]
    while w.messages[arrived]["arrived_at"] <= until:  # the one after the last never arrives
        arrived += 1
    world["arrived"] = arrived


@inlined
def visible(w: State) -> int:
    """How many messages can be received."""
    world = w.world[0]
    return int(world["arrived"] - world["fresh"] + world["back"])


@inlined
def take(w: State) -> int:
    """Receive the oldest message; NOBODY if there is none.

    One that was received too often goes to the dead letters instead.
    """
    world = w.world[0]
    while visible(w) > 0:
        message = _next(w)
        one = w.messages[message]
        if one["receives"] < w.world[0]["max_receives"]:
            one["receives"] += 1
            one["state"] = IN_FLIGHT
            world["in_flight"] += 1
            if not w.world[0]["extends"]:
                ends_at = world["now"] + w.world[0]["visibility"]
                plan(w, ends_at, VISIBLE, message, one["receives"], NOBODY)
            return message
        one["state"] = GONE
        one["dead"] = 1
        world["gone"] += 1
    return NOBODY


@inlined
def _next(w: State) -> int:
    """Take the oldest visible message out; those that are back are older than those never seen."""
    world = w.world[0]
    if world["back"] == 0:
        world["fresh"] += 1
        return int(world["fresh"] - 1)
    world["back"] -= 1
    message = oldest_back(w)
    while w.messages[message]["state"] != RETURNED:  # deleted meanwhile by who had it before
        message = oldest_back(w)
    return message


@inlined
def delete(w: State, message: int) -> None:
    """Delete a message; one that somebody else has by now, or that is gone, as well."""
    one, world = w.messages[message], w.world[0]
    w.minutes[world["minute"]]["deleted"] += 1.0
    if one["state"] == GONE:
        return
    if one["state"] == IN_FLIGHT:
        world["in_flight"] -= 1
    else:
        world["back"] -= 1
    one["state"] = GONE
    one["finished_at"] = world["now"]
    world["gone"] += 1


@called
def hold_back(w: State, message: int, mark: int) -> None:
    """Keep a message that failed away for a while, longer after each receive."""
    one, world = w.messages[message], w.world[0]
    if not world["extends"]:
        return  # it comes back by its time-out
    doublings = min(one["receives"], LONGEST_DOUBLING)
    pause = min(float(1 << doublings), world["retry_cap"])
    plan(w, w.world[0]["now"] + pause, VISIBLE, message, mark, NOBODY)


@called
def appear(w: State, message: int, mark: int) -> bool:
    """Let a message be received again, unless it was meanwhile; tells whether it can."""
    one, world = w.messages[message], w.world[0]
    if one["state"] != IN_FLIGHT or one["receives"] != mark:
        return False
    one["state"] = RETURNED
    world["in_flight"] -= 1
    world["back"] += 1
    bring_back(w, message)
    return True


@called
def oldest_age(w: State, at: float) -> float:
    """Of the oldest message, deleted ones and those received three times left out; NaN: none."""
    world = w.world[0]
    oldest = world["oldest"]
    while oldest < world["arrived"]:
        one = w.messages[oldest]
        if one["state"] != GONE and one["receives"] < LEFT_OUT_OF_AGE:
            break
        oldest += 1
    world["oldest"] = oldest
    return at - w.messages[oldest]["arrived_at"] if oldest < world["arrived"] else np.nan
