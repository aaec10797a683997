"""All fleets of a file of records, as a shadow saw them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autoscaler.core.cost import Tariff
from autoscaler.core.errors import RecordUnreadableError
from autoscaler.core.promises import promised
from autoscaler.core.record import from_json
from autoscaler.core.rules import FleetRules, Rulebook
from autoscaler.operations.shadow.watch import Watch

VERSION = 1
"""Of the JSON form."""


@dataclass(slots=True)
class Report:
    """Grows line by line; what is kept does not grow with them."""

    book: Rulebook
    promise: float | None = None
    """Seconds, of queues whose policies promise none."""
    fleets: dict[str, Watch] = field(default_factory=dict)
    left_out: int = 0
    """Lines that are no record, or none that can be read."""

    def take(self, lines: Iterable[str]) -> None:
        """Go through these lines, in the order of time."""
        rules = {one.name: one for one in self.book.fleets}
        for line in filter(str.strip, lines):
            try:
                record = from_json(json.loads(line))
            except (ValueError, RecordUnreadableError):
                self.left_out += 1
                continue
            if record.fleet not in self.fleets:
                self.fleets[record.fleet] = self._watch(rules.get(record.fleet))
            self.fleets[record.fleet].take(record)

    def _watch(self, rules: FleetRules | None) -> Watch:
        if rules is None:
            return Watch()
        promises = {one.name: promised(one.policies.values()) for one in rules.queues}
        known = {name: self.promise if one is None else one for name, one in promises.items()}
        return Watch(
            rules.spot,
            {name: one for name, one in known.items() if one is not None},
        )

    def form(self, tariffs: Mapping[str, Tariff]) -> dict[str, Any]:
        """As JSON has it."""
        fleets = {name: one.form(tariffs.get(name)) for name, one in self.fleets.items()}
        return {"version": VERSION, "left_out": self.left_out, "fleets": fleets}
