"""How a task receives and when it leaves: ``autoscaler/worker/pace.py`` on arrays.

SQS answers at once here, and a deletion does not wait for others. So a full task receives at the
instant of a completion, not a millisecond later; messages that end together still share a receive.
"""

from __future__ import annotations

import numpy as np

from autoscaler.simulation.kernel.compiling import called, inlined
from autoscaler.simulation.kernel.heaps import plan
from autoscaler.simulation.kernel.layout import (
    COMPLETED,
    NOBODY,
    NONE,
    ONE_LESS,
    STOPPING,
    WOKEN,
    State,
)
from autoscaler.simulation.kernel.queue import delete, hold_back, take, visible
from autoscaler.simulation.kernel.tasks import (
    begin,
    count_busy,
    end,
    join_the_line,
    leave_the_line,
    protect_for_a_while,
)

A_CALL = 0.01
"""Seconds between receives of a worker that neither waits nor backs off: what a call takes."""


@called
def receive(w: State, who: int) -> None:
    """Receive, and again while there is plenty and room; then wait, back off or leave."""
    one = w.seats[who]
    again = True
    while again:
        one["woken_at"] = np.nan
        one["full_at"] = min(one["full_at"], w.world[0]["now"])
        one["asked"] = _room(w, who)
        got = 0 if _misses(w, who) else _fill(w, who)
        if got == 0 and _waits(w, who):
            join_the_line(w, who, w.world[0]["now"] + w.world[0]["poll"])
            return
        again = answered(w, who, got)


@inlined
def _room(w: State, who: int) -> int:
    """For how many to ask; the blueprint's worker asks for a batch while it has none."""
    world = w.world[0]
    free = world["width"] - w.seats[who]["busy"]
    return int(min(world["batch"], free))


@inlined
def _waits(w: State, who: int) -> bool:
    """Whether it waits at an empty queue, and is not long so free that it leaves that to others."""
    world = w.world[0]
    may_lean = world["back_off"] > 0.0 and not world["service"]
    lean = may_lean and world["now"] - w.seats[who]["full_at"] > world["lean"]
    return bool(world["poll"] > 0.0 and not lean)


@inlined
def _misses(w: State, who: int) -> bool:
    world = w.world[0]
    world["receives"] += 1
    if world["poll"] >= 1.0 and _waits(w, who):
        return False
    return bool(w.messages[world["receives"] % w.messages.size]["missed"])


@inlined
def _fill(w: State, who: int) -> int:
    """Take what there is, at most what was asked for; tells how many."""
    world, one = w.world[0], w.seats[who]
    got = 0
    while got < one["asked"]:
        message = take(w)
        if message == NOBODY:
            break
        slot = one["free_slot"]
        hand = w.hands[who * world["width"] + slot]
        one["free_slot"] = hand["after"]
        hand["message"], hand["mark"] = message, w.messages[message]["receives"]
        hand["received_at"], hand["began_at"] = world["now"], np.nan
        one["protected_until"] = np.inf
        one["busy"] += 1
        if got == 0 or not world["serial"]:
            begin(w, who, slot)
        got += 1
    return got


@inlined
def answered(w: State, who: int, got: int) -> bool:
    """Take in what a receive brought; tells whether the next one is due at once."""
    world, one = w.world[0], w.seats[who]
    minute = w.minutes[world["minute"]]
    minute["received"] += got
    one["plenty"] = got >= one["asked"]
    if one["plenty"]:
        one["empties"] = 0
        one["next_receive_at"] = world["now"]
        return bool(one["busy"] < world["width"])
    if got == 0:
        minute["empty_receives"] += 1
        one["empties"] += 1
    else:
        one["empties"] = 0
    if world["serial"] and got > 0:
        one["next_receive_at"] = np.inf  # not before the batch is done
        return False
    pause = world["back_off"] * max(1, world["width"] - one["busy"]) / world["width"]
    if got == 0 and world["poll"] == 0.0:
        pause = max(pause, A_CALL)
    one["next_receive_at"] = world["now"] + pause
    return _rest(w, who)


@inlined
def _rest(w: State, who: int) -> bool:
    """Leave, or plan when to receive again; tells whether that is at once."""
    world, one = w.world[0], w.seats[who]
    at = one["next_receive_at"]
    if _is_idle(w, who):
        if world["now"] >= one["not_before"]:
            end(w, who)
            return False
        at = min(at, one["not_before"])
    if at <= world["now"]:
        return True
    one["woken_at"] = at
    plan(w, at, WOKEN, who, one["number"], NOBODY)
    return False


@inlined
def _is_idle(w: State, who: int) -> bool:
    one = w.seats[who]
    return bool(one["busy"] == 0 and one["empties"] >= w.world[0]["leaves_after"])


@inlined
def wake(w: State, who: int) -> None:
    """A task's pause is over, or the time before which it may not leave."""
    one = w.seats[who]
    if _is_idle(w, who) and w.world[0]["now"] >= one["not_before"]:
        end(w, who)
    else:
        receive(w, who)


@called
def serve(w: State) -> None:
    """Give what can be received to those who wait at the queue, the longest waiting first."""
    world = w.world[0]
    while world["first"] != NOBODY and visible(w) > 0:
        who = int(world["first"])
        got = _fill(w, who)
        if got == 0:
            return  # all of it went to the dead letters
        leave_the_line(w, who)
        if answered(w, who, got):
            receive(w, who)


@called
def poll_ends(w: State) -> None:
    """The one that has waited longest at the empty queue gets no message."""
    who = int(w.world[0]["first"])
    leave_the_line(w, who)
    if answered(w, who, NONE):
        receive(w, who)


@inlined
def complete(w: State, who: int, slot: int) -> None:
    """A message is worked off: it is deleted, or fails; its slot is free."""
    one, world = w.seats[who], w.world[0]
    before = one["busy"]
    _put_down(w, who, slot)
    if world["serial"]:
        if _next_of_batch(w, who, slot):
            return
    else:
        _clear(w, who, slot)
    _freed(w, who, before)
    if one["busy"] == 0 and world["protects"]:
        protect_for_a_while(w, who)


@inlined
def _put_down(w: State, who: int, slot: int) -> None:
    hand = w.hands[who * w.world[0]["width"] + slot]
    task = w.tasks[w.seats[who]["number"]]
    task["busy_seconds"] += w.world[0]["now"] - hand["began_at"]
    hand["began_at"] = np.nan
    count_busy(w, ONE_LESS)


@inlined
def _clear(w: State, who: int, slot: int) -> None:
    """Settle a message with the queue and free its slot."""
    one = w.seats[who]
    hand = w.hands[who * w.world[0]["width"] + slot]
    message = hand["message"]
    if w.messages[message]["poison"]:
        hold_back(w, message, hand["mark"])
    else:
        delete(w, message)
    hand["message"] = NOBODY
    hand["after"] = one["free_slot"]
    one["free_slot"] = slot
    one["busy"] -= 1


@inlined
def _next_of_batch(w: State, who: int, slot: int) -> bool:
    """Begin the batch's next message; after the last all are deleted. Tells whether it goes on."""
    width = w.world[0]["width"]
    if slot + 1 < width and w.hands[who * width + slot + 1]["message"] != NOBODY:
        begin(w, who, slot + 1)
        return True
    for done in range(slot, -1, -1):  # so that the first slot is on top of the free ones
        _clear(w, who, done)
    return False


@inlined
def _freed(w: State, who: int, before: int) -> None:
    """Receive if the task was full and there was plenty, or has nothing in hand any more."""
    one, world = w.seats[who], w.world[0]
    if one["state"] == STOPPING:
        if one["busy"] == 0:
            end(w, who)
        return
    full = before == world["width"]
    if full:
        one["full_at"] = world["now"]
    if full and one["plenty"]:
        one["next_receive_at"] = world["now"]
    elif one["busy"] == 0:
        one["next_receive_at"] = min(one["next_receive_at"], world["now"])
    if one["busy"] == 0:
        one["empties"] = min(one["empties"], w.world[0]["leaves_after"] - 1)
    waits = not np.isnan(one["poll_ends_at"])
    if one["next_receive_at"] <= world["now"] and not waits and not _ends_another(w, who):
        receive(w, who)


@inlined
def _ends_another(w: State, who: int) -> bool:
    """Whether the next that happens, at this very instant, is the end of another of its messages.

    One receive is then enough for both.
    """
    if w.world[0]["events"] == 0:
        return False
    first = w.events[0]
    now = first["at"] == w.world[0]["now"] and first["kind"] == COMPLETED
    return bool(now and first["who"] == who and first["mark"] == w.seats[who]["number"])
