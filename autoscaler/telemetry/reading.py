"""Records read back from lines of JSON: those of the newest tick, or of the one asked for."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from autoscaler.core.errors import RecordUnreadableError
from autoscaler.core.record import Record, from_json

MOST_TOLD = 3
"""Lines that are no record are told one by one up to this many."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tick is asked for."""

    fleet: str | None = None
    queue: str | None = None
    """Of the fleet that serves this queue."""
    tick: int | None = None
    """This one; None: the newest."""
    until: float = math.inf
    """The newest one due by then, in seconds since the epoch."""

    def has(self, tick: int) -> bool:
        """Whether it may be this tick."""
        return tick <= self.until if self.tick is None else tick == self.tick


@dataclass(slots=True)
class Found:
    """The records of one tick, a fleet each, and what else was in the lines."""

    wanted: Wanted = field(default_factory=Wanted)
    newest: dict[str, tuple[int, Mapping[str, Any]]] = field(default_factory=dict)
    """By fleet, the line and the JSON form; of a tick told twice, the later."""
    queues: dict[str, set[str]] = field(default_factory=dict)
    """By fleet, those that its records tell of."""
    ticks: set[int] = field(default_factory=set)
    strange: list[int] = field(default_factory=list)
    """The first lines that are no record at all: half written, or something else's."""
    strange_lines: int = 0

    def take(self, line: int, form: Mapping[str, Any]) -> None:
        """Look at one more record."""
        fleet, tick = form["fleet"], form["tick"]
        self.queues.setdefault(fleet, set()).update(_queues(form))
        if self.wanted.fleet not in (None, fleet):
            return
        self.ticks.add(tick)
        known = self.newest.get(fleet)
        if self.wanted.has(tick) and (known is None or tick >= known[1]["tick"]):
            self.newest[fleet] = line, form

    def leave_out(self, line: int) -> None:
        """Note a line that is no record."""
        self.strange_lines += 1
        if len(self.strange) < MOST_TOLD:
            self.strange.append(line)

    def records(self) -> list[Record]:
        """The records, read.

        Raises:
            RecordUnreadableError: one of them cannot be; the text begins with its line.
        """
        found = [one for fleet, one in self.newest.items() if self._serves(fleet)]
        newest = max((form["tick"] for _, form in found), default=0)
        return [_read(line, form) for line, form in found if form["tick"] == newest]

    def _serves(self, fleet: str) -> bool:
        return self.wanted.queue is None or self.wanted.queue in self.queues[fleet]

    def notes(self) -> list[str]:
        """What is to be said of lines that are no record, in sentences."""
        told = [f"line {line} is no record; it is left out" for line in self.strange]
        more = self.strange_lines - len(told)
        return [*told, f"{more} more lines are no record"] if more else told

    def missing(self) -> str:
        """Why nothing was found, in a sentence."""
        wanted = self.wanted
        queues = set().union(*self.queues.values())
        if wanted.queue is not None and wanted.queue not in queues:
            return f"there is no record of the queue {wanted.queue}{_some(queues)}"
        whose = f" of the fleet {wanted.fleet}" if wanted.fleet else ""
        if not self.ticks:
            return f"there is no record{whose}{_some(self.queues)}"
        first, last = min(self.ticks), max(self.ticks)
        among = f"among {len(self.ticks)} ticks; they go from"
        if wanted.tick is None:
            by = _moment(math.floor(wanted.until))
            return f"there is no tick{whose} by {by} {among} {_moment(first)} to {_moment(last)}"
        return f"there is no tick {wanted.tick}{whose} {among} {first} to {last}"


def find(lines: Iterable[str], wanted: Wanted) -> Found:
    """Go through all lines for the newest tick, or the one asked for, of one fleet or all."""
    found = Found(wanted)
    for number, line in enumerate(lines, 1):
        form = _form(line)
        if form is not None:
            found.take(number, form)
        elif line.strip():
            found.leave_out(number)
    return found


def _form(line: str) -> Mapping[str, Any] | None:
    try:
        form = json.loads(line)
    except ValueError:
        return None
    named = isinstance(form, dict) and isinstance(form.get("fleet"), str)
    return form if named and isinstance(form.get("tick"), int) else None


def _queues(form: Mapping[str, Any]) -> Iterable[str]:
    """The names of a record's queues, as far as it has any."""
    seen = form.get("observation")
    readings = seen.get("readings") if isinstance(seen, dict) else None
    return readings.keys() if isinstance(readings, dict) else ()


def _some(names: Iterable[str]) -> str:
    known = ", ".join(sorted(names))
    return f"; there are some of {known}" if known else ""


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _read(line: int, form: Mapping[str, Any]) -> Record:
    try:
        return from_json(form)
    except RecordUnreadableError as error:
        raise RecordUnreadableError(f"line {line}: {error}") from error
