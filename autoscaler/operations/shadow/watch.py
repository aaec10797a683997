"""One fleet as a shadow saw it, look by look: what ran, what we wanted, how long messages waited.

What ran is measured: the live tasks of a look, taken to stay until the next. What we would have
run is estimated between two bounds. The lower is the target itself. The upper knows that tasks
which drain and exit leave only when they find nothing more to do: it does not shrink while a
message is in one of the fleet's queues.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autoscaler.core.cost import Tariff
from autoscaler.core.model import Decision, Observation
from autoscaler.core.record import Record
from autoscaler.core.rules import Spot
from autoscaler.core.tasks import Fleet, Provider
from autoscaler.operations.shadow.side import Side
from autoscaler.operations.shadow.waits import Waits

HELD_FOR = 2.0
"""Periods that a look counts for at most; what is beyond is a gap, and in no sum."""

Tasks = Mapping[str, float]
"""By provider."""


@dataclass(slots=True)
class Watch:
    """Grows record by record, in the order of time."""

    spot: Spot = field(default_factory=Spot)
    """How new tasks would be split."""
    promises: Mapping[str, float] = field(default_factory=dict)
    """Seconds, by queue."""
    looks: int = 0
    unknown: int = 0
    """Looks that could not tell what ran; they are in no sum."""
    seconds: float = 0.0
    """That are in the sums."""
    gaps: float = 0.0
    """Seconds that are not: nobody looked."""
    first: float | None = None
    last: float | None = None
    started: int = 0
    """Tasks that ran at a look and not at the one before."""
    wanted: int = 0
    """By how much the target rose, all in all."""
    ran: Side = field(default_factory=Side)
    low: Side = field(default_factory=Side)
    high: Side = field(default_factory=Side)
    queues: dict[str, Waits] = field(default_factory=dict)
    _holds: tuple[float, Tasks, Tasks, Tasks] | None = None
    """For how long at most, and what, from the last look on."""
    _ids: frozenset[str] | None = None
    _target: int = 0
    _staying: int = 0

    def take(self, record: Record) -> None:
        """Add one more look; what is not later than the last one is left out."""
        seen, decision = record.observation, record.decision
        if seen is None or decision is None or (self.last is not None and seen.now <= self.last):
            return
        self._until(seen.now)
        self.first = seen.now if self.first is None else self.first
        self.last = seen.now
        self.looks += 1
        if seen.fleet is None:
            self.unknown += 1
            return
        self._decided(seen, decision)
        self._seen(seen.fleet)
        for name, reading in seen.readings.items():
            waits = self.queues.setdefault(name, Waits(self.promises.get(name)))
            waits.take(reading, seen.live, self._target)
        self._holds = (
            HELD_FOR * (seen.next_tick_at - seen.tick),
            Counter(one.provider or "" for one in seen.fleet.tasks),
            self._split(self._target, decision),
            self._split(self._staying, decision),
        )

    def _until(self, now: float) -> None:
        """Add up what held since the last look."""
        if self.last is None:
            return
        longest, *tasks = self._holds or (0.0, {}, {}, {})
        seconds = min(now - self.last, longest)
        for side, held in zip((self.ran, self.low, self.high), tasks, strict=True):
            side.add(held, seconds)
        self.seconds += seconds
        self.gaps += now - self.last - seconds
        self._holds = None

    def _decided(self, seen: Observation, decision: Decision) -> None:
        """Where a decision holds, our fleet stays as it was."""
        target = self._target if decision.target is None else decision.target
        self.wanted += max(0, target - self._target)
        busy = any(one.visible or one.in_flight for one in seen.readings.values())
        self._staying = max(target, self._staying) if busy else target
        self._target = target

    def _seen(self, fleet: Fleet) -> None:
        ids = frozenset(one.id for one in fleet.tasks)
        self.started += 0 if self._ids is None else len(ids - self._ids)
        self._ids = ids

    def _split(self, count: int, decision: Decision) -> Tasks:
        """As new tasks are: beyond the base, a share on Spot, less where policies say so."""
        share = self.spot.share
        if decision.spot_share is not None:
            share = min(share, decision.spot_share)
        on_spot = share * max(0, count - self.spot.on_demand_base)
        return {Provider.FARGATE: count - on_spot, Provider.FARGATE_SPOT: on_spot}

    def form(self, tariff: Tariff | None) -> dict[str, Any]:
        """As JSON has it; prices are those of now."""
        return {
            "from": self.first,
            "to": self.last,
            "looks": self.looks,
            "looks_unknown": self.unknown,
            "seconds": round(self.seconds, 1),
            "seconds_unseen": round(self.gaps, 1),
            "ran": {**self.ran.form(tariff), "started": self.started},
            "ours_at_least": {**self.low.form(tariff), "started": self.wanted},
            "ours_at_most": self.high.form(tariff),
            "queues": {name: waits.form() for name, waits in self.queues.items()},
        }
