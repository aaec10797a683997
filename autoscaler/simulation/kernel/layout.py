"""What the kernel's arrays hold. Times are seconds since the trace's start; NaN is never.

Records, so that a function takes few arguments: each array costs every call from Python.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Records = NDArray[Any]
"""Indexed by a number it gives one record, whose fields are read and written by their names."""

NOBODY = -1
"""No task, slot or message."""

# What becomes of a message; that it is new is known by its index.
FRESH, IN_FLIGHT, RETURNED, GONE = 0, 1, 2, 3

# What a task does.
VACANT, STARTING, WORKING, STOPPING = 0, 1, 2, 3

# What may be planned. Of those of one instant that was planned first comes first.
COMPLETED, WOKEN, STARTED, FAILED, WARNED, CUT_OFF, VISIBLE = 0, 1, 2, 3, 4, 5, 6

# How a task ended, as in ``run.TaskEnd``.
LEFT, INTERRUPTED, STOPPED, DIED = 1, 2, 3, 4

# Why time stopped.
REACHED, OVER, CROWDED, REPLACE = 0, 1, 2, 3

MESSAGE = np.dtype(
    [
        ("started_at", "f8"),
        ("finished_at", "f8"),
        ("receives", "i4"),
        ("state", "i1"),
        ("poison", "i1"),
        ("dead", "i1"),
    ]
)
"""A message: 23 bytes, and 16 more for its arrival and work."""

SEAT = np.dtype(
    [
        ("next_receive_at", "f8"),
        ("woken_at", "f8"),
        ("poll_ends_at", "f8"),
        ("not_before", "f8"),
        ("warned_at", "f8"),
        ("number", "i4"),
        ("state", "i4"),
        ("busy", "i4"),
        ("free_slot", "i4"),
        ("empties", "i4"),
        ("plenty", "i4"),
        ("asked", "i4"),
        ("before", "i4"),
        ("after", "i4"),
        ("end", "i4"),
    ]
)
"""A living task. ``before`` and ``after``: its neighbours among those that wait at the empty
queue; ``after`` of a vacant seat is the next vacant one. ``asked``: for how many it waits."""

HAND = np.dtype(
    [("received_at", "f8"), ("began_at", "f8"), ("message", "i4"), ("mark", "i4"), ("after", "i4")]
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
        ("provider", "i1"),
        ("end", "i1"),
    ]
)
"""A task, by the number of its launch."""

EVENT = np.dtype(
    [("at", "f8"), ("order", "i8"), ("kind", "i4"), ("who", "i4"), ("mark", "i4"), ("slot", "i4")]
)
"""``who``: a seat or a message. ``mark``: the number of the seat's task or the message's
receives when it was planned; another one now means that it was called off."""

MINUTE = np.dtype(
    [
        ("deleted", "f8"),
        ("received", "f8"),
        ("empty_receives", "f8"),
        ("visible", "f8"),
        ("in_flight", "f8"),
        ("oldest_age", "f8"),
        ("busy_seconds", "f8"),
    ]
)

TOTALS = np.dtype(
    [
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
    ]
)
"""One record. ``fresh``: the oldest message never received. ``back``: messages that are visible
again; ``returned`` is how long their heap is, with some in it that are gone. ``first`` and
``last`` of the ``waiting`` at the empty queue."""

RULES = np.dtype(
    [
        ("ends_at", "f8"),
        ("poll", "f8"),
        ("back_off", "f8"),
        ("grace", "f8"),
        ("visibility", "f8"),
        ("retry_cap", "f8"),
        ("slots", "i8"),
        ("width", "i8"),
        ("batch", "i8"),
        ("empties", "i8"),
        ("max_receives", "i8"),
        ("serial", "i8"),
        ("extends", "i8"),
        ("gives_back", "i8"),
        ("service", "i8"),
    ]
)
"""One record that never changes but for ``service``: whether ended tasks are to be replaced."""


class State(NamedTuple):
    """All there is. The host replaces what has grown too small."""

    arrivals: NDArray[np.float64]
    work: NDArray[np.float64]
    messages: Records
    seats: Records
    hands: Records
    """``width`` of them a seat."""
    tasks: Records
    events: Records
    """A binary heap."""
    returned: NDArray[np.int32]
    """A binary heap of messages, the oldest on top."""
    changed: NDArray[np.int32]
    """Numbers of tasks that started, were told to stop or ended since the host looked."""
    minutes: Records
    arrived_by: NDArray[np.int64]
    """How many messages had arrived before each minute's end."""
    missed: NDArray[np.bool_]
    """Whether a short poll misses what is there, by the number of the receive, round and round."""
    totals: Records
    rules: Records
