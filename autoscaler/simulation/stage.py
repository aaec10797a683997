"""The kernel's arrays in the hands of Python: made from a trace, grown, asked and read out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from autoscaler.simulation.kernel import engine, layout, ledger
from autoscaler.simulation.kernel.layout import NOBODY, UNCHANGED
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.opening import grown, line_up, opened
from autoscaler.simulation.run import Messages, Minutes, Tasks
from autoscaler.simulation.trace import Floats, Trace

MINUTE = engine.MINUTE_SECONDS
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
        self.state = opened(trace, knobs, seed)
        self.launched = 0
        book = ledger.Ledger(self.state.world)
        self._counts, self._moments = book.counts, book.moments
        self.count = len(trace)
        self.ends_at = trace.seconds
        self.now = 0.0
        """Seconds since the trace's start."""

    @property
    def visible(self) -> int:
        """Messages that can be received."""
        counts = self._counts
        return counts[ledger.ARRIVED] - counts[ledger.FRESH] + counts[ledger.BACK]

    @property
    def in_flight(self) -> int:
        """Messages that were received and neither deleted nor given back."""
        return self._counts[ledger.IN_FLIGHT]

    @property
    def is_done(self) -> bool:
        """Whether every message was deleted or is dead."""
        return self._counts[ledger.GONE] == self.count

    @property
    def whole_minutes(self) -> int:
        """Minutes that are over."""
        return self._counts[ledger.MINUTE]

    # ------------------------------------------------------------------------- what happens

    def advance(self, until: float) -> int:
        """Let time pass up to ``until``, or until all is over or a task is to be replaced."""
        stopped = engine.advance(self.state, until)
        while stopped == layout.CROWDED:
            self.state = self.state._replace(events=grown(self.state.events))
            stopped = engine.advance(self.state, until)
        self.now = self._moments[ledger.NOW]
        return int(stopped)

    def launch(self, provider: int, start: Start) -> int:
        """Have one task come up; returns its number."""
        if self._counts[ledger.VACANT] == NOBODY:
            self._seat_more()
        self._plan_more()
        if self.launched == len(self.state.tasks):
            self.state = self.state._replace(tasks=grown(self.state.tasks))
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
        self._plan_more()
        engine.tell_to_stop(self.state, seat, grace)

    def serves(self, *, protects: bool = False) -> None:
        """From now on the fleet is a service: the kernel tells of each task it loses.

        ``protects``: its tasks protect themselves while they hold messages.
        """
        self._counts[ledger.SERVICE] = 1
        self._counts[ledger.PROTECTS] = protects

    def is_protected(self, number: int) -> bool:
        """Whether a living task protects itself."""
        seat = int(self.state.tasks["seat"][number])
        return bool(self.state.seats["protected_until"][seat] > self.now)

    def spare(self, surplus: int) -> None:
        """So many tasks are stopped as soon as they protect themselves no more."""
        self._counts[ledger.SURPLUS] = max(0, surplus)

    def changes(self) -> list[int]:
        """The tasks that are not what they were when this was last asked."""
        number = self._counts[ledger.CHANGED]
        if number == NOBODY:
            return []
        self._counts[ledger.CHANGED] = int(NOBODY)
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
        self.state = w._replace(seats=grown(w.seats), hands=grown(w.hands))
        line_up(self.state.seats, seats)
        self._counts[ledger.VACANT] = seats

    def _plan_more(self) -> None:
        """Whoever scales a service may do so by thousands before time passes."""
        if self._counts[ledger.EVENTS] + engine.SPARE > len(self.state.events):
            self.state = self.state._replace(events=grown(self.state.events))

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
        seats, width = self.state.seats, int(self.state.world["width"][0])
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
        some = self.whole_minutes
        rows = self.state.minutes[:some]
        sent = np.diff(rows["arrived"], prepend=0).astype(np.float64)
        return Minutes(sent=sent, **{name: rows[name].copy() for name in TOLD})
