"""The tasks: how they come, work, and go, as the worker's own rules say."""

from __future__ import annotations

import numpy as np

from autoscaler.simulation.kernel.compiling import called, inlined
from autoscaler.simulation.kernel.heaps import plan
from autoscaler.simulation.kernel.layout import (
    COMPLETED,
    CUT_OFF,
    LEFT,
    NOBODY,
    ONE,
    ONE_LESS,
    STARTING,
    STOPPED,
    STOPPING,
    UNCHANGED,
    UNPROTECTED,
    VACANT,
    VISIBLE,
    WARNED,
    WORKING,
    State,
)
from autoscaler.simulation.kernel.queue import appear

PROTECTED_SECONDS = 5.0
"""For so long after its last message a worker that protects itself goes on to be protected
(``IDLE_SECONDS`` in ``autoscaler/worker/protection.py``)."""


@called
def seat(w: State, number: int, at: float, kind: int, not_before: float, warned_at: float) -> int:
    """Give a launched task the next vacant seat; ``kind`` is how it comes up: STARTED or FAILED."""
    world = w.world[0]
    taken = int(world["vacant"])
    one = w.seats[taken]
    world["vacant"] = one["after"]
    world["living"] += 1
    one["number"], one["state"], one["busy"] = number, STARTING, 0
    one["empties"], one["plenty"], one["asked"] = 0, 0, 0
    one["before"], one["after"] = NOBODY, NOBODY
    one["next_receive_at"], one["woken_at"], one["poll_ends_at"] = -np.inf, np.nan, np.nan
    one["not_before"], one["warned_at"], one["end"] = not_before, warned_at, LEFT
    one["full_at"], one["protected_until"] = np.inf, -np.inf
    w.tasks[number]["seat"] = taken
    _free_slots(w, taken)
    plan(w, at, kind, taken, number, NOBODY)
    return taken


@inlined
def _free_slots(w: State, taken: int) -> None:
    width = w.world[0]["width"]
    for slot in range(width):
        hand = w.hands[taken * width + slot]
        hand["message"] = NOBODY
        hand["after"] = slot + 1 if slot + 1 < width else NOBODY
    w.seats[taken]["free_slot"] = 0


@inlined
def count_busy(w: State, more: int) -> None:
    """Add up the busy slots over time, and take in that there are more or fewer now."""
    world = w.world[0]
    passed = world["now"] - world["busy_since"]
    w.minutes[world["minute"]]["busy_seconds"] += world["busy"] * passed
    world["busy_since"] = world["now"]
    world["busy"] += more


@inlined
def changed(w: State, number: int) -> None:
    """Note for the host that a task is not what it was."""
    world, task = w.world[0], w.tasks[number]
    if task["changed"] == UNCHANGED:
        task["changed"] = world["changed"]
        world["changed"] = number


@called
def end(w: State, who: int) -> None:
    """End a task, as its seat says."""
    world, one = w.world[0], w.seats[who]
    task = w.tasks[one["number"]]
    task["left_at"] = world["now"]
    task["end"] = one["end"]
    task["seat"] = NOBODY
    changed(w, one["number"])
    one["state"], one["number"] = VACANT, NOBODY
    one["after"] = world["vacant"]
    world["vacant"] = who
    world["living"] -= 1


@inlined
def begin(w: State, who: int, slot: int) -> None:
    """Start to work on the message in a slot."""
    world, one = w.world[0], w.seats[who]
    hand = w.hands[who * w.world[0]["width"] + slot]
    hand["began_at"] = world["now"]
    message = w.messages[hand["message"]]
    if np.isnan(message["started_at"]):
        message["started_at"] = world["now"]
    count_busy(w, ONE)
    ends_at = world["now"] + w.messages[hand["message"]]["work"]
    plan(w, ends_at, COMPLETED, who, one["number"], slot)


@called
def start(w: State, who: int) -> None:
    """The task can receive from now on."""
    one = w.seats[who]
    one["state"] = WORKING
    changed(w, one["number"])
    if one["warned_at"] < np.inf:
        plan(w, one["warned_at"], WARNED, who, one["number"], NOBODY)


@called
def stop(w: State, who: int, how: int, grace: float) -> None:
    """Send SIGTERM: no new messages; what fits in the grace is finished."""
    one = w.seats[who]
    leave_the_line(w, who)
    if one["state"] != STOPPING:
        one["end"] = how
        changed(w, one["number"])
    one["state"], one["woken_at"] = STOPPING, np.nan
    if one["busy"] == 0:
        end(w, who)
    elif grace < np.inf:
        plan(w, w.world[0]["now"] + grace, CUT_OFF, who, one["number"], NOBODY)


@inlined
def protect_for_a_while(w: State, who: int) -> None:
    """A task that protects itself has nothing in hand any more."""
    one = w.seats[who]
    one["protected_until"] = w.world[0]["now"] + PROTECTED_SECONDS
    plan(w, one["protected_until"], UNPROTECTED, who, one["number"], NOBODY)


@called
def unprotected(w: State, who: int, at: float) -> None:
    """Stop a task that protects itself no more, if the service has too many."""
    world = w.world[0]
    if world["surplus"] > 0 and w.seats[who]["protected_until"] == at:
        world["surplus"] -= 1
        stop(w, who, STOPPED, 0.0)


@called
def cut_off(w: State, who: int) -> None:
    """End a task whose grace is over: what it has in hand comes back, now or later."""
    one, world = w.seats[who], w.world[0]
    task = w.tasks[one["number"]]
    for slot in range(world["width"]):
        hand = w.hands[who * world["width"] + slot]
        if hand["message"] == NOBODY:
            continue
        if not np.isnan(hand["began_at"]):
            task["busy_seconds"] += world["now"] - hand["began_at"]
            count_busy(w, ONE_LESS)
        if world["gives_back"]:
            appear(w, hand["message"], hand["mark"])
        elif world["extends"]:
            plan(
                w,
                _lease_ends(w, hand["received_at"]),
                VISIBLE,
                hand["message"],
                hand["mark"],
                NOBODY,
            )
    end(w, who)


@called
def _lease_ends(w: State, received_at: float) -> float:
    """When a message comes back that was last extended at some half of its visibility."""
    visibility = w.world[0]["visibility"]
    extended = np.floor((w.world[0]["now"] - received_at) / (visibility / 2.0))
    return float(received_at + extended * visibility / 2.0 + visibility)


@called
def join_the_line(w: State, who: int, until: float) -> None:
    """Wait at the empty queue behind those who wait already."""
    world, one = w.world[0], w.seats[who]
    one["poll_ends_at"] = until
    one["before"], one["after"] = world["last"], NOBODY
    world["waiting"] += 1
    if world["last"] == NOBODY:
        world["first"] = who
    else:
        w.seats[world["last"]]["after"] = who
    world["last"] = who


@called
def leave_the_line(w: State, who: int) -> None:
    """Wait no longer, if it did."""
    world, one = w.world[0], w.seats[who]
    if np.isnan(one["poll_ends_at"]):
        return
    one["poll_ends_at"] = np.nan
    world["waiting"] -= 1
    if one["before"] == NOBODY:
        world["first"] = one["after"]
    else:
        w.seats[one["before"]]["after"] = one["after"]
    if one["after"] == NOBODY:
        world["last"] = one["before"]
    else:
        w.seats[one["after"]]["before"] = one["before"]
    one["before"], one["after"] = NOBODY, NOBODY
