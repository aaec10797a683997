"""What the kernel's arrays hold. Times are seconds since the trace's start; NaN is never.

Records, so that a function takes few arguments: each array costs every call from Python.
"""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

Records = NDArray[Any]
"""Indexed by a number it gives one record, whose fields are read and written by their names."""


def _numbers(*chosen: int) -> list[int]:
    """As numpy's: numba would compile a function anew for each plain number it is called with."""
    return [cast("int", np.int64(number)) for number in chosen]


(NOBODY,) = _numbers(-1)
"""No task, slot or message."""
(UNCHANGED,) = _numbers(-2)
NONE, ONE, ONE_LESS = _numbers(0, 1, -1)

FRESH, IN_FLIGHT, RETURNED, GONE = _numbers(0, 1, 2, 3)
"""What becomes of a message."""

VACANT, STARTING, WORKING, STOPPING = _numbers(0, 1, 2, 3)
"""What a task does."""

COMPLETED, WOKEN, STARTED, FAILED, WARNED, CUT_OFF, VISIBLE, UNPROTECTED = _numbers(
    0, 1, 2, 3, 4, 5, 6, 7
)
"""What may be planned. Of those of one instant the one planned first comes first."""

LEFT, INTERRUPTED, STOPPED, DIED = _numbers(1, 2, 3, 4)
"""How a task ended, as in ``run.TaskEnd``."""

REACHED, OVER, CROWDED, REPLACE = 0, 1, 2, 3
"""Why time stopped."""

MESSAGE = np.dtype(
    [
        ("arrived_at", "f8"),
        ("work", "f8"),
        ("started_at", "f8"),
        ("finished_at", "f8"),
        ("receives", "i8"),
        ("returned", "i8"),
        ("state", "i1"),
        ("poison", "i1"),
        ("missed", "i1"),
        ("dead", "?"),
    ]
)
"""A message: 52 bytes. ``returned`` of record k belongs to the heap of messages that are back, not
to message k, and ``missed`` tells whether receive k misses what is there: both need no array of
their own, of which each makes every call dearer."""

SEAT = np.dtype(
    [
        ("next_receive_at", "f8"),
        ("woken_at", "f8"),
        ("poll_ends_at", "f8"),
        ("not_before", "f8"),
        ("warned_at", "f8"),
        ("full_at", "f8"),
        ("protected_until", "f8"),
        ("number", "i8"),
        ("state", "i8"),
        ("busy", "i8"),
        ("free_slot", "i8"),
        ("empties", "i8"),
        ("plenty", "i8"),
        ("asked", "i8"),
        ("before", "i8"),
        ("after", "i8"),
        ("end", "i8"),
    ]
)
"""A living task. ``before`` and ``after``: its neighbours among those that wait at the empty
queue; ``after`` of a vacant seat is the next vacant one. ``asked``: for how many it waits.
``full_at``: when a slot last fell free in a full task, or it first asked. ``protected_until``:
infinity while it has messages in hand."""

HAND = np.dtype(
    [("received_at", "f8"), ("began_at", "f8"), ("message", "i8"), ("mark", "i8"), ("after", "i8")]
)
"""A slot. ``mark``: the message's receives when it was received; ``after``: the next free slot."""

TASK = np.dtype(
    [
        ("launched_at", "f8"),
        ("pull_at", "f8"),
        ("usable_at", "f8"),
        ("left_at", "f8"),
        ("busy_seconds", "f8"),
        ("seat", "i4"),
        ("changed", "i4"),
        ("provider", "i1"),
        ("end", "i1"),
    ]
)
"""A task, by the number of its launch. ``changed``: the next in the list of those that started,
were told to stop or ended since the host looked; UNCHANGED where it is not in it."""

EVENT = np.dtype(
    [("at", "f8"), ("order", "i8"), ("kind", "i8"), ("who", "i8"), ("mark", "i8"), ("slot", "i8")]
)
"""``who``: a seat or a message. ``mark``: the number of the seat's task or the message's
receives when it was planned; another one now means that it was called off."""

MINUTE = np.dtype(
    [
        ("arrived", "i8"),
        ("deleted", "f8"),
        ("received", "f8"),
        ("empty_receives", "f8"),
        ("visible", "f8"),
        ("in_flight", "f8"),
        ("oldest_age", "f8"),
        ("busy_seconds", "f8"),
    ]
)
"""A minute. ``arrived``: messages that arrived before its end, since the trace's start."""

WORLD = np.dtype(
    [
        ("ends_at", "f8"),
        ("poll", "f8"),
        ("back_off", "f8"),
        ("lean", "f8"),
        ("grace", "f8"),
        ("visibility", "f8"),
        ("retry_cap", "f8"),
        ("width", "i8"),
        ("batch", "i8"),
        ("leaves_after", "i8"),
        ("max_receives", "i8"),
        ("serial", "i8"),
        ("extends", "i8"),
        ("gives_back", "i8"),
        ("service", "i8"),
        ("protects", "i8"),
        # what happens:
        ("now", "f8"),
        ("busy_since", "f8"),
        ("busy", "i8"),
        ("minute", "i8"),
        ("arrived", "i8"),
        ("fresh", "i8"),
        ("oldest", "i8"),
        ("back", "i8"),
        ("in_flight", "i8"),
        ("gone", "i8"),
        ("events", "i8"),
        ("planned", "i8"),
        ("returned", "i8"),
        ("changed", "i8"),
        ("receives", "i8"),
        ("living", "i8"),
        ("vacant", "i8"),
        ("first", "i8"),
        ("last", "i8"),
        ("waiting", "i8"),
        ("surplus", "i8"),
    ]
)
"""One record. Down to ``protects`` it holds the rules: ``service`` says whether lost tasks are to
be replaced, ``protects`` whether its tasks protect themselves while they work. From ``now`` on it
holds what changes. ``surplus``: tasks that are stopped as soon as they protect themselves no more.
``width``: slots of a task, or places for the batch of one
that takes whole batches. ``fresh``: the oldest message never received. ``back``: messages that are
visible again; ``returned`` is how long their heap is, with some in it that are gone. ``first`` and
``last`` of the ``waiting`` at the empty queue."""


class State(NamedTuple):
    """All there is. The host replaces what has grown too small."""

    world: Records
    """One record."""
    messages: Records
    """In the order of arrival; one more than there are, which never arrives."""
    seats: Records
    hands: Records
    """``width`` of them a seat."""
    tasks: Records
    events: Records
    """A binary heap."""
    minutes: Records
