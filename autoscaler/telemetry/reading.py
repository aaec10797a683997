"""Records read back from lines of JSON: those of the newest tick, or of the one asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autoscaler.core.errors import RecordUnreadableError
from autoscaler.core.record import Record, from_json

MOST_TOLD = 3
"""Lines that are no record are told one by one up to this many."""


@dataclass(slots=True)
class Found:
    """The records of one tick, a fleet each, and what else was in the lines."""

    forms: dict[str, tuple[int, Mapping[str, Any]]] = field(default_factory=dict)
    """By fleet, the line and the JSON form; of a tick told twice, the later."""
    tick: int | None = None
    fleets: set[str] = field(default_factory=set)
    ticks: set[int] = field(default_factory=set)
    strange: list[int] = field(default_factory=list)
    """Lines that are no record at all: half written, or something else's."""

    def take(self, line: int, form: Mapping[str, Any], fleet: str | None, tick: int | None) -> None:
        """Look at one more record."""
        self.fleets.add(form["fleet"])
        if fleet not in (None, form["fleet"]):
            return
        self.ticks.add(form["tick"])
        if tick not in (None, form["tick"]) or form["tick"] < (self.tick or 0):
            return
        if form["tick"] != self.tick:
            self.forms, self.tick = {}, form["tick"]
        self.forms[form["fleet"]] = line, form

    def records(self) -> list[Record]:
        """The records, read.

        Raises:
            RecordUnreadableError: one of them cannot be; the text begins with its line.
        """
        return [_read(line, form) for line, form in self.forms.values()]

    def notes(self) -> list[str]:
        """What is to be said of lines that are no record, in sentences."""
        told = [f"line {line} is no record; it is left out" for line in self.strange[:MOST_TOLD]]
        more = len(self.strange) - len(told)
        return [*told, f"{more} more lines are no record"] if more else told

    def missing(self, fleet: str | None, tick: int | None) -> str:
        """Why nothing was found, in a sentence."""
        whose = f" of the fleet {fleet}" if fleet else ""
        if self.ticks:
            ends = f"they go from {min(self.ticks)} to {max(self.ticks)}"
            return f"there is no tick {tick}{whose} among {len(self.ticks)} ticks; {ends}"
        there = f"; there are some of {', '.join(sorted(self.fleets))}" if self.fleets else ""
        return f"there is no record{whose}{there}"


def find(lines: Iterable[str], fleet: str | None, tick: int | None) -> Found:
    """Go through all lines for the newest tick, or the one asked for, of one fleet or all."""
    found = Found()
    for number, line in enumerate(lines, 1):
        form = _form(line)
        if form is not None:
            found.take(number, form, fleet, tick)
        elif line.strip():
            found.strange.append(number)
    return found


def _form(line: str) -> Mapping[str, Any] | None:
    try:
        form = json.loads(line)
    except ValueError:
        return None
    named = isinstance(form, dict) and isinstance(form.get("fleet"), str)
    return form if named and isinstance(form.get("tick"), int) else None


def _read(line: int, form: Mapping[str, Any]) -> Record:
    try:
        return from_json(form)
    except RecordUnreadableError as error:
        raise RecordUnreadableError(f"line {line}: {error}") from error
