"""A stream of records decided once more; what is kept does not grow with it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from autoscaler.core.codec import encode
from autoscaler.core.errors import RecordUnreadableError
from autoscaler.core.model import Reason
from autoscaler.core.record import Record, from_json
from autoscaler.core.rules import FleetRules, Rulebook
from autoscaler.operations.replay.again import Again, Carried, decide_again
from autoscaler.operations.replay.tally import FleetTally

SHOWN = 10
"""Differences, and lines that cannot be read, that are told one by one."""
VERSION = 1
"""Of the JSON form."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A tick that is decided otherwise, and where its record stands."""

    line: int
    again: Again

    @property
    def lost(self) -> list[str]:
        """Reasons of then that are given no more."""
        return _without(self.again.then.reasons, self.again.now.reasons)

    @property
    def new(self) -> list[str]:
        """Reasons of now that were not given."""
        return _without(self.again.now.reasons, self.again.then.reasons)

    @property
    def parts(self) -> list[str]:
        """The parts of the decision that differ, by their names in the record."""
        then, now = encode(self.again.then), encode(self.again.now)
        return [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]

    def form(self) -> dict[str, Any]:
        """As JSON has it."""
        record, then, now = self.again.record, self.again.then, self.again.now
        return {
            "line": self.line,
            "fleet": record.fleet,
            "tick": record.tick,
            "live": then.live,
            "then": then.target,
            "now": now.target,
            "parts": self.parts,
            "lost": self.lost,
            "new": self.new,
        }


@dataclass(slots=True)
class Replay:
    """What has come of the records so far."""

    book: Rulebook
    shown: int = SHOWN
    fleets: dict[str, FleetTally] = field(default_factory=dict)
    undecided: int = 0
    """Records of ticks that decided nothing: decided before, late, or failed."""
    strangers: Counter[str] = field(default_factory=Counter)
    """Records of fleets that these rules do not have, by fleet."""
    left_out: int = 0
    """Lines that are no record."""
    unreadable: int = 0
    """Records that are damaged, or of another version of this program."""
    resized: list[Difference] = field(default_factory=list)
    """The first ticks that get another target."""
    reworded: list[Difference] = field(default_factory=list)
    """The first that get the same target in another way."""
    notes: list[str] = field(default_factory=list)
    """The first lines that could not be used, in sentences."""
    first: int | None = None
    last: int | None = None
    _carried: Carried = field(default_factory=Carried)

    @property
    def ticks(self) -> int:
        """Decided again."""
        return sum(fleet.ticks for fleet in self.fleets.values())

    @property
    def different(self) -> int:
        """Decided otherwise."""
        return sum(fleet.different for fleet in self.fleets.values())

    @property
    def differences(self) -> list[Difference]:
        """The first of them, those with another target before all others."""
        return [*self.resized, *self.reworded][: self.shown]

    @property
    def clean(self) -> bool:
        """Whether every record could be decided again, and all came out the same."""
        return not (self.different or self.strangers or self.unreadable)

    def take(self, lines: Iterable[str]) -> None:
        """Go through these lines; one that cannot be used is told and stops nothing."""
        rules = {fleet.name: fleet for fleet in self.book.fleets}
        for number, line in enumerate(lines, 1):
            record = self._record(number, line) if line.strip() else None
            if record is not None:
                self._decide(number, record, rules.get(record.fleet))

    def _record(self, number: int, line: str) -> Record | None:
        form = _form(line)
        if form is None:
            self.left_out += 1
            self._note(f"line {number} is no record; it is left out")
            return None
        try:
            return from_json(form)
        except RecordUnreadableError as error:
            self.unreadable += 1
            self._note(f"line {number}: {error}")
            return None

    def _note(self, sentence: str) -> None:
        if len(self.notes) < self.shown:
            self.notes.append(sentence)

    def _decide(self, number: int, record: Record, rules: FleetRules | None) -> None:
        if rules is None:
            self.strangers[record.fleet] += 1
            return
        again = decide_again(record, rules, self._carried.of(record.fleet))
        if again is None:
            self.undecided += 1
            return
        self.first = record.tick if self.first is None else min(self.first, record.tick)
        self.last = record.tick if self.last is None else max(self.last, record.tick)
        self._carried.keep(again)
        self.fleets.setdefault(record.fleet, FleetTally()).take(again)
        if not again.same:
            told = self.resized if again.resized else self.reworded
            if len(told) < self.shown:
                told.append(Difference(number, again))

    def form(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "version": VERSION,
            "ticks": self.ticks,
            "different": self.different,
            "undecided": self.undecided,
            "unreadable": self.unreadable,
            "left_out": self.left_out,
            "unknown_fleets": dict(self.strangers),
            "first": self.first,
            "last": self.last,
            "fleets": {name: fleet.form() for name, fleet in self.fleets.items()},
            "differences": [one.form() for one in self.differences],
        }


def _form(line: str) -> dict[str, Any] | None:
    """A line as far as it means to be a record: logs have others between them."""
    try:
        form = json.loads(line)
    except ValueError:
        return None
    return form if isinstance(form, dict) and {"fleet", "tick"} <= form.keys() else None


def _without(these: Iterable[Reason], others: Iterable[Reason]) -> list[str]:
    known = {reason.text for reason in others}
    return [reason.text for reason in these if reason.text not in known]
