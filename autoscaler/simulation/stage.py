"""The kernel's arrays in the hands of Python: made from a trace, grown, asked and read out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from autoscaler.simulation.draws import Cause, generator
from autoscaler.simulation.kernel import engine, layout
from autoscaler.simulation.kernel.layout import NOBODY, Records, State
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.run import Messages, Minutes, TaskEnd, Tasks
from autoscaler.simulation.trace import Floats, Trace

MINUTE = engine.MINUTE_SECONDS
FIRST_ROOM = 64
MISSES = 65_536
"""Receives after which the misses begin anew: more than any pattern in the world lasts."""


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
        self.totals = self.state.totals[0]
        self.ends_at = float(self.state.rules[0]["ends_at"])

    @property
    def now(self) -> float:
        """Seconds since the trace's start."""
        return float(self.totals["now"])

    @property
    def visible(self) -> int:
        """Messages that can be received."""
        totals = self.totals
        return int(totals["arrived"]) - int(totals["fresh"]) + int(totals["back"])

    @property
    def in_flight(self) -> int:
        """Messages that were received and neither deleted nor given back."""
        return int(self.totals["in_flight"])

    @property
    def is_done(self) -> bool:
        """Whether every message was deleted or is dead."""
        return int(self.totals["gone"]) == len(self.state.arrivals)

    # ------------------------------------------------------------------------- what happens

    def advance(self, until: float) -> int:
        """Let time pass up to ``until``, or until all is over or a task is to be replaced."""
        stopped = engine.advance(self.state, until)
        while stopped == layout.CROWDED:
            self._make_room()
            stopped = engine.advance(self.state, until)
        return int(stopped)

    def launch(self, provider: int, start: Start) -> int:
        """Have one task come up; returns its number."""
        if self.totals["vacant"] == NOBODY:
            self._seat_more()
        if self.launched == len(self.state.tasks):
            self.state = self.state._replace(tasks=_grown(self.state.tasks))
        number = self.launched
        self.launched += 1
        left_at = math.nan
        row = (self.now, start.pull_at, start.usable_at, left_at, 0.0, NOBODY, provider, 0)
        self.state.tasks[number] = row
        kind, at = layout.STARTED, start.usable_at
        if start.fails:
            kind, at = layout.FAILED, start.pull_at
        engine.seat(self.state, number, at, kind, start.not_before, start.warned_at)
        return number

    def stop(self, number: int, grace: float) -> None:
        """Send SIGTERM to a task that lives."""
        seat = int(self.state.tasks["seat"][number])
        engine.stop(self.state, seat, int(TaskEnd.STOPPED), grace)

    def serves(self) -> None:
        """From now on the fleet is a service: the kernel tells of each task it loses."""
        self.state.rules["service"] = 1

    def changes(self) -> list[int]:
        """The tasks that are not what they were when this was last asked."""
        some = int(self.totals["changed"])
        self.totals["changed"] = 0
        return self.state.changed[:some].tolist() if some else []

    def phase(self, number: int) -> int:
        """What a task does: one of the kernel's four states; VACANT once it has ended."""
        seat = int(self.state.tasks["seat"][number])
        return layout.VACANT if seat == NOBODY else int(self.state.seats["state"][seat])

    # --------------------------------------------------------------------------------- room

    def _make_room(self) -> None:
        w = self.state
        self.state = w._replace(
            events=_grown(w.events), returned=_grown(w.returned), changed=_grown(w.changed)
        )

    def _seat_more(self) -> None:
        w, seats = self.state, len(self.state.seats)
        self.state = w._replace(seats=_grown(w.seats), hands=_grown(w.hands))
        _line_up(self.state.seats, seats)
        self.totals["vacant"] = seats

    # ------------------------------------------------------------------------------ results

    def messages(self) -> Messages:
        """What became of the messages."""
        messages = self.state.messages
        return Messages(
            started_at=messages["started_at"].copy(),
            finished_at=messages["finished_at"].copy(),
            receives=messages["receives"].copy(),
            dead=messages["dead"].astype(np.bool_),
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
        seats, width = self.state.seats, int(self.state.rules[0]["width"])
        spent = np.where(
            self.state.hands["message"] == NOBODY, np.nan, self.state.hands["began_at"]
        )
        by_seat = np.nansum(self.now - spent.reshape(-1, width), axis=1)
        taken = seats["state"] != layout.VACANT
        under_way = np.zeros(self.launched)
        under_way[seats["number"][taken]] = by_seat[taken]
        return under_way

    def minutes(self) -> Minutes:
        """What CloudWatch would know of the whole minutes so far."""
        some = int(self.totals["minute"])
        rows = self.state.minutes[:some]
        sent = np.diff(self.state.arrived_by[:some], prepend=0).astype(np.float64)
        return Minutes(sent=sent, **{name: rows[name].copy() for name in layout.MINUTE.names or ()})


def _opened(trace: Trace, knobs: Knobs, seed: int) -> State:
    """Everything empty, before the first second."""
    if trace.work is None:
        raise ValueError(
            f"the trace {trace.name} does not tell how long its messages take to work on; "
            "give it work first"
        )
    last = trace.seconds + knobs.drain
    ends = np.arange(1, math.ceil(last / MINUTE) + 3) * MINUTE
    seats = np.zeros(FIRST_ROOM, layout.SEAT)
    _line_up(seats, 0)
    rules = _rules(trace, knobs)
    return State(
        arrivals=np.require(trace.arrivals, np.float64, ("C", "W")),
        work=np.require(trace.work, np.float64, ("C", "W")),
        messages=_messages(len(trace), knobs, seed),
        seats=seats,
        hands=np.zeros(FIRST_ROOM * int(rules[0]["width"]), layout.HAND),
        tasks=np.zeros(FIRST_ROOM, layout.TASK),
        events=np.zeros(1024, layout.EVENT),
        returned=np.zeros(1024, np.int32),
        changed=np.zeros(FIRST_ROOM, np.int32),
        minutes=np.zeros(len(ends), layout.MINUTE),
        arrived_by=np.searchsorted(trace.arrivals, ends, side="left").astype(np.int64),
        missed=_missed(knobs, seed),
        totals=_totals(),
        rules=rules,
    )


def _totals() -> Records:
    totals = np.zeros(1, layout.TOTALS)
    totals["first"] = totals["last"] = NOBODY
    return totals


def _messages(count: int, knobs: Knobs, seed: int) -> Records:
    messages = np.zeros(count, layout.MESSAGE)
    messages["started_at"] = messages["finished_at"] = math.nan
    if knobs.queue.poison:
        drawn = generator(seed, Cause.POISON).random(count)
        messages["poison"] = drawn < knobs.queue.poison
    return messages


def _missed(knobs: Knobs, seed: int) -> Any:
    if not knobs.queue.missed:
        return np.zeros(1, np.bool_)
    return generator(seed, Cause.MISSED).random(MISSES) < knobs.queue.missed


def _rules(trace: Trace, knobs: Knobs) -> Records:
    workers, queue = knobs.workers, knobs.queue
    rules = np.zeros(1, layout.RULES)
    rules["ends_at"] = trace.seconds
    rules["width"] = workers.batch if workers.serial else workers.slots
    for name in ("poll", "back_off", "grace", "retry_cap", "slots", "batch", "empties", "serial"):
        rules[name] = getattr(workers, name)
    rules["extends"], rules["gives_back"] = workers.extends, workers.gives_back
    rules["visibility"], rules["max_receives"] = queue.visibility, queue.max_receives
    return rules


def _line_up(seats: Records, first: int) -> None:
    """Make the seats from ``first`` on vacant, each followed by the next."""
    seats["number"][first:] = NOBODY
    seats["after"][first:] = np.arange(first + 1, len(seats) + 1)
    seats["after"][-1] = NOBODY


def _grown(array: Any) -> Any:
    """Twice as long, what is new all zeros."""
    return np.concatenate([array, np.zeros_like(array)])
