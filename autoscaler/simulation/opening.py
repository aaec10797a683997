"""The kernel's arrays before the first second: everything empty, all that will arrive in place."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autoscaler.simulation.draws import Cause, generator
from autoscaler.simulation.kernel import layout
from autoscaler.simulation.kernel.engine import MINUTE_SECONDS
from autoscaler.simulation.kernel.layout import NOBODY, Records, State
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.trace import Floats, Trace

_FIRST_ROOM = 64


def opened(trace: Trace, knobs: Knobs, seed: int) -> State:
    """Everything empty, before the first second."""
    if trace.work is None:
        raise ValueError(
            f"the trace {trace.name} does not tell how long its messages take to work on; "
            "give it work first"
        )
    seats = np.zeros(_FIRST_ROOM, layout.SEAT)
    line_up(seats, 0)
    world = _world(trace, knobs)
    return State(
        world=world,
        messages=_messages(trace, trace.work, knobs, seed),
        seats=seats,
        hands=np.zeros(_FIRST_ROOM * int(world["width"][0]), layout.HAND),
        tasks=np.zeros(_FIRST_ROOM, layout.TASK),
        events=np.zeros(1024, layout.EVENT),
        minutes=_minutes(trace, knobs),
    )


def _messages(trace: Trace, work: Floats, knobs: Knobs, seed: int) -> Records:
    count = len(trace)
    messages = np.zeros(count + 1, layout.MESSAGE)
    messages["arrived_at"][:count], messages["arrived_at"][count] = trace.arrivals, math.inf
    messages["work"][:count] = work
    messages["started_at"] = messages["finished_at"] = math.nan
    if knobs.queue.poison:
        drawn = generator(seed, Cause.POISON).random(count)
        messages["poison"][:count] = drawn < knobs.queue.poison
    if knobs.queue.missed:
        missed = generator(seed, Cause.MISSED).random(count + 1)
        messages["missed"] = missed < knobs.queue.missed
    return messages


def _minutes(trace: Trace, knobs: Knobs) -> Records:
    some = math.ceil((trace.seconds + knobs.drain) / MINUTE_SECONDS) + 2
    minutes = np.zeros(some, layout.MINUTE)
    ends = np.arange(1, some + 1) * MINUTE_SECONDS
    minutes["arrived"] = np.searchsorted(trace.arrivals, ends, side="left")
    return minutes


def _world(trace: Trace, knobs: Knobs) -> Records:
    workers, queue = knobs.workers, knobs.queue
    world = np.zeros(1, layout.WORLD)
    world["ends_at"] = trace.seconds
    world["width"] = workers.batch if workers.serial else workers.slots
    world["leaves_after"] = workers.empties
    for name in ("poll", "back_off", "lean", "grace", "retry_cap", "batch", "serial"):
        world[name] = getattr(workers, name)
    world["extends"], world["gives_back"] = workers.extends, workers.gives_back
    world["visibility"], world["max_receives"] = queue.visibility, queue.max_receives
    world["first"] = world["last"] = world["changed"] = NOBODY
    return world


def line_up(seats: Records, first: int) -> None:
    """Make the seats from ``first`` on vacant, each followed by the next."""
    seats["number"][first:] = NOBODY
    seats["after"][first:] = np.arange(first + 1, len(seats) + 1)
    seats["after"][-1] = NOBODY


def grown(array: Any) -> Any:
    """Twice as long, what is new all zeros."""
    return np.concatenate([array, np.zeros_like(array)])
