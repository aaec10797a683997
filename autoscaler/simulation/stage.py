"""The kernel's arrays in the hands of Python: made from a trace, grown, asked and read out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from autoscaler.simulation.draws import Cause, generator
from autoscaler.simulation.kernel import engine, layout
from autoscaler.simulation.kernel.layout import NOBODY, UNCHANGED, Records, State
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.run import Messages, Minutes, Tasks
from autoscaler.simulation.trace import Floats, Trace

MINUTE = engine.MINUTE_SECONDS
FIRST_ROOM = 64
TOLD = tuple(name for name in layout.MINUTE.names or () if name != "arrived")
"""What the kernel keeps of a minute and CloudWatch tells."""


@dataclass(frozen=True, slots=True)
class Start:
    """How a launched task comes up. Seconds since the trace's start."""

    pull_at: float
    usable_at: float
    fails: bool
    not_before: float
    """It may not leave earlier."""
    warned_at: float
    """When Spot warns it; infinity: never."""


class Stage:
    """One simulated world's arrays, and the only hand on them."""

    def __init__(self, trace: Trace, knobs: Knobs, seed: int) -> None:
        self.state = _opened(trace, knobs, seed)
        self.launched = 0
        self._world = self.state.world[0]
        self.count = len(trace)
        self.ends_at = trace.seconds
        self.now = 0.0
        """Seconds since the trace's start."""

    @property
    def visible(self) -> int:
        """Messages that can be received."""
        world = self._world
        return int(world["arrived"]) - int(world["fresh"]) + int(world["back"])

    @property
    def in_flight(self) -> int:
        """Messages that were received and neither deleted nor given back."""
        return int(self._world["in_flight"])

    @property
    def is_done(self) -> bool:
        """Whether every message was deleted or is dead."""
        return int(self._world["gone"]) == self.count

    @property
    def whole_minutes(self) -> int:
        """Minutes that are over."""
        return int(self._world["minute"])

    # ------------------------------------------------------------------------- what happens

    def advance(self, until: float) -> int:
        """Let time pass up to ``until``, or until all is over or a task is to be replaced."""
        stopped = engine.advance(self.state, until)
        while stopped == layout.CROWDED:
            self.state = self.state._replace(events=_grown(self.state.events))
            stopped = engine.advance(self.state, until)
        self.now = float(self._world["now"])
        return int(stopped)

    def launch(self, provider: int, start: Start) -> int:
        """Have one task come up; returns its number."""
        if self._world["vacant"] == NOBODY:
            self._seat_more()
        if self.launched == len(self.state.tasks):
            self.state = self.state._replace(tasks=_grown(self.state.tasks))
        number = self.launched
        self.launched += 1
        row = (
            self.now,
            start.pull_at,
            start.usable_at,
            math.nan,
            0.0,
            NOBODY,
            UNCHANGED,
            provider,
            0,
        )
        self.state.tasks[number] = row
        kind, at = layout.STARTED, start.usable_at
        if start.fails:
            kind, at = layout.FAILED, start.pull_at
        engine.launch(self.state, number, at, kind, start.not_before, start.warned_at)
        return number

    def stop(self, number: int, grace: float) -> None:
        """Send SIGTERM to a task that lives."""
        seat = int(self.state.tasks["seat"][number])
        engine.tell_to_stop(self.state, seat, grace)

    def serves(self) -> None:
        """From now on the fleet is a service: the kernel tells of each task it loses."""
        self._world["service"] = 1

    def changes(self) -> list[int]:
        """The tasks that are not what they were when this was last asked."""
        number = int(self._world["changed"])
        if number == NOBODY:
            return []
        self._world["changed"] = NOBODY
        seen = []
        listed = self.state.tasks["changed"]
        while number != NOBODY:
            seen.append(number)
            after = int(listed[number])
            listed[number] = UNCHANGED
            number = after
        return sorted(seen)

    def phase(self, number: int) -> int:
        """What a task does: one of the kernel's four states; VACANT once it has ended."""
        seat = int(self.state.tasks["seat"][number])
        return layout.VACANT if seat == NOBODY else int(self.state.seats["state"][seat])

    # --------------------------------------------------------------------------------- room

    def _seat_more(self) -> None:
        w, seats = self.state, len(self.state.seats)
        self.state = w._replace(seats=_grown(w.seats), hands=_grown(w.hands))
        _line_up(self.state.seats, seats)
        self._world["vacant"] = seats

    # ------------------------------------------------------------------------------ results

    def messages(self) -> Messages:
        """What became of the messages."""
        messages = self.state.messages[: self.count]
        return Messages(
            started_at=messages["started_at"],
            finished_at=messages["finished_at"],
            receives=messages["receives"].astype(np.int32),
            dead=messages["dead"],
        )

    def tasks(self) -> Tasks:
        """What became of the tasks; of those alive, up to now."""
        tasks = self.state.tasks[: self.launched]
        left_at = np.where(np.isnan(tasks["left_at"]), self.now, tasks["left_at"])
        fields = ("launched_at", "pull_at", "usable_at", "provider", "end")
        return Tasks(
            left_at=left_at,
            busy_seconds=tasks["busy_seconds"] + self._under_way(),
            **{name: tasks[name].copy() for name in fields},
        )

    def _under_way(self) -> Floats:
        """Slot-seconds of what is in hand at the end."""
        seats, width = self.state.seats, int(self._world["width"])
        spent = np.where(
            self.state.hands["message"] == NOBODY, np.nan, self.state.hands["began_at"]
        )
        by_seat = np.nansum(self.now - spent.reshape(-1, width), axis=1)
        taken = seats["state"] != layout.VACANT
        under_way = np.zeros(self.launched)
        under_way[seats["number"][taken]] = by_seat[taken]
        return under_way

    def minutes(self) -> Minutes:
        """What CloudWatch would know; the minute that has begun ends here."""
        engine.close(self.state)
        some = int(self._world["minute"])
        rows = self.state.minutes[:some]
        sent = np.diff(rows["arrived"], prepend=0).astype(np.float64)
        return Minutes(sent=sent, **{name: rows[name].copy() for name in TOLD})


def _opened(trace: Trace, knobs: Knobs, seed: int) -> State:
    """Everything empty, before the first second."""
    if trace.work is None:
        raise ValueError(
            f"the trace {trace.name} does not tell how long its messages take to work on; "
            "give it work first"
        )
    seats = np.zeros(FIRST_ROOM, layout.SEAT)
    _line_up(seats, 0)
    world = _world(trace, knobs)
    return State(
        world=world,
        messages=_messages(trace, trace.work, knobs, seed),
        seats=seats,
        hands=np.zeros(FIRST_ROOM * int(world["width"][0]), layout.HAND),
        tasks=np.zeros(FIRST_ROOM, layout.TASK),
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
    some = math.ceil((trace.seconds + knobs.drain) / MINUTE) + 2
    minutes = np.zeros(some, layout.MINUTE)
    ends = np.arange(1, some + 1) * MINUTE
    minutes["arrived"] = np.searchsorted(trace.arrivals, ends, side="left")
    return minutes


def _world(trace: Trace, knobs: Knobs) -> Records:
    workers, queue = knobs.workers, knobs.queue
    world = np.zeros(1, layout.WORLD)
    world["ends_at"] = trace.seconds
    world["width"] = workers.batch if workers.serial else workers.slots
    world["leaves_after"] = workers.empties
    for name in ("poll", "back_off", "grace", "retry_cap", "batch", "serial"):
        world[name] = getattr(workers, name)
    world["extends"], world["gives_back"] = workers.extends, workers.gives_back
    world["visibility"], world["max_receives"] = queue.visibility, queue.max_receives
    world["first"] = world["last"] = world["changed"] = NOBODY
    return world


def _line_up(seats: Records, first: int) -> None:
    """Make the seats from ``first`` on vacant, each followed by the next."""
    seats["number"][first:] = NOBODY
    seats["after"][first:] = np.arange(first + 1, len(seats) + 1)
    seats["after"][-1] = NOBODY


def _grown(array: Any) -> Any:
    """Twice as long, what is new all zeros."""
    return np.concatenate([array, np.zeros_like(array)])
