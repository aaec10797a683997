"""What the page knows: a place for records that keeps the newest, and the last hours in lines."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from autoscaler.core.model import Observation
from autoscaler.core.record import End, Record
from autoscaler.core.settings import Settings
from autoscaler.runtime.page.configured import Configured, configured
from autoscaler.runtime.page.lines import Line, points_for
from autoscaler.runtime.page.rows import Known, row
from autoscaler.runtime.page.today import after

MOST_RECORDS = 2_000
"""Kept for `/api/records`."""
MOST_READINGS = 20_000
"""Of all records kept: a fleet of a thousand queues makes records a thousand times as large."""


@dataclass(slots=True)
class _Kept:
    """Of one queue."""

    configured: Configured
    line: Line
    version: int = 0
    """Which change was the last that touched it."""
    row: tuple[int, dict[str, Any]] | None = None
    """Of this version, so that all who listen share the work."""


@dataclass(slots=True)
class _Newest:
    """The newest records, of all fleets, and how much they weigh."""

    records: deque[tuple[int, Record]] = field(default_factory=deque)
    """Numbered as they came."""
    readings: int = 0
    count: int = 0

    def add(self, record: Record) -> None:
        self.count += 1
        self.records.append((self.count, record))
        self.readings += _weight(record)
        while len(self.records) > MOST_RECORDS or (
            self.readings > MOST_READINGS and len(self.records) > 1
        ):
            self.readings -= _weight(self.records.popleft()[1])


class Board:
    """Takes in records and answers for the page; several threads may use it at once."""

    def __init__(self, now: Callable[[], float], *, acts: bool = True) -> None:
        self._now, self._acts = now, acts
        self._changed = threading.Condition()
        self._version = 0
        self._closed = False
        self._settings: Settings | None = None
        self._queues: dict[str, _Kept] = {}
        self._fleets: dict[str, Known] = {}
        self._records = _Newest()

    def configure(self, settings: Settings) -> None:
        """Show these queues from now on; what is known of those that stay is kept."""
        found = configured(settings)
        points = points_for(len(found))
        with self._changed:
            before = self._queues
            self._settings = settings
            self._version += 1
            self._queues = {
                name: _Kept(
                    queue, before[name].line if name in before else Line(points), self._version
                )
                for name, queue in found.items()
            }
            fleets = {queue.fleet for queue in found.values()}
            self._fleets = {name: self._fleets.get(name, Known()) for name in fleets}
            self._changed.notify_all()

    def write(self, record: Record) -> None:
        """Take in one tick of one fleet."""
        with self._changed:
            if record.fleet not in self._fleets:
                return  # of an earlier configuration
            self._fleets[record.fleet] = _knowing(self._fleets[record.fleet], record)
            self._records.add(record)
            self._draw(record)
            self._touch(record.fleet)

    def ask(self, fleet: str, asked: Mapping[str, Any]) -> None:
        """Show what somebody asked for, until the fleet's next tick tells what came of it."""
        with self._changed:
            self._fleets[fleet] = replace(self._fleets[fleet], asked=asked)
            self._touch(fleet)

    def _touch(self, fleet: str) -> None:
        self._version += 1
        for kept in self._queues.values():
            if kept.configured.fleet == fleet:
                kept.version = self._version
        self._changed.notify_all()

    def _draw(self, record: Record) -> None:
        seen = record.observation
        for name, reading in seen.readings.items() if seen else ():
            if name in self._queues and seen:
                told = {**_of_fleet(seen), "target": None, "oldest_age": reading.oldest_age}
                told |= {"visible": reading.visible, "in_flight": reading.in_flight}
                if record.decision:
                    told["target"] = record.decision.target
                self._queues[name].line.add(seen.now, told)

    def close(self) -> None:
        """Let everybody go who waits for a change."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    # --------------------------------------------------------------------------- answers

    def wait(self, beyond: int, seconds: float) -> int | None:
        """The newest version once there is one beyond this, or after so long; None: closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._version > beyond, seconds)
            return None if self._closed else self._version

    def rows(self, beyond: int = -1) -> dict[str, Any]:
        """The rows that changed after this version, with what holds for all."""
        with self._changed:
            now = self._now()
            changed = (kept for kept in self._queues.values() if kept.version > beyond)
            return {
                "version": 1,
                "revision": self._version,
                "installation": self._settings.installation if self._settings else None,
                "period": self._settings.period if self._settings else None,
                "acts": self._acts,
                "now": now,
                "names": [*self._queues],
                "queues": [self._row(kept, now) for kept in changed],
            }

    def queue(self, name: str) -> dict[str, Any] | None:
        """One row with its lines of the last hours; None: there is no such queue."""
        with self._changed:
            if name not in self._queues:
                return None
            kept, now = self._queues[name], self._now()
            told = {"version": 1, "now": now, **self._row(kept, now)}
            told["history"] = kept.line.told()
            return told

    def _row(self, kept: _Kept, now: float) -> dict[str, Any]:
        if kept.row is None or kept.row[0] != kept.version:
            known = self._fleets[kept.configured.fleet]
            told = {**row(kept.configured, known, now), "trend": kept.line.trend()}
            kept.row = (kept.version, told)
        return kept.row[1]

    @property
    def settings(self) -> Settings | None:
        """The configuration in force."""
        return self._settings

    def known(self, fleet: str) -> Known:
        """What is known of a fleet by its newest records."""
        with self._changed:
            return self._fleets[fleet]

    def records(
        self, *, fleet: str | None = None, before: float = math.inf, limit: int = 20
    ) -> list[tuple[int, Record]]:
        """The newest first, each with its number, of those with a number below this one."""
        with self._changed:
            found = (
                (number, one)
                for number, one in reversed(self._records.records)
                if fleet in (None, one.fleet) and number < before
            )
            return [*islice(found, limit)]


def _knowing(known: Known, record: Record) -> Known:
    if known.newest and record.at < known.newest.at:
        return known
    asked = known.asked if known.asked and known.asked["at"] > record.at else None
    if record.end is End.DONE_BEFORE and known.newest:
        theirs = known.elsewhere if record.tick <= known.newest.tick else record.at
        return replace(known, asked=asked, elsewhere=theirs)  # what we saw is the newest here
    seen = record.observation
    money = seen.money if seen else None
    return Known(
        newest=record,
        seen=record if seen else known.seen,
        today=after(known.today, record.at, money.spent if money else None),
        asked=asked,
    )


def _of_fleet(seen: Observation) -> Mapping[str, float | None]:
    fleet, money = seen.fleet, seen.money
    return {
        "running": fleet.running if fleet else None,
        "starting": fleet.starting if fleet else None,
        "spent": money.spent if money else None,
    }


def _weight(record: Record) -> int:
    return max(1, len(record.observation.readings)) if record.observation else 1
