"""What a replay comes to, fleet by fleet, then and now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from autoscaler.core.model import Decision
from autoscaler.operations.replay.again import Again


@dataclass(slots=True)
class Sums:
    """Of the decisions of one fleet, all taken by one set of rules."""

    wanted: int = 0
    """Tasks that were missing, tick by tick: what a decision asked to launch."""
    targets: int = 0
    """The sum of all targets."""
    most: int = 0
    held: int = 0
    """Decisions that launch nothing because something is unknown."""
    reasons: Counter[str] = field(default_factory=Counter)

    def take(self, decision: Decision) -> None:
        """Add one more."""
        self.wanted += decision.missing
        self.targets += decision.target or 0
        self.most = max(self.most, decision.target or 0)
        self.held += decision.target is None
        self.reasons.update(reason.cause.value for reason in decision.reasons)

    def form(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "launches_wanted": self.wanted,
            "targets_summed": self.targets,
            "most": self.most,
            "held": self.held,
            "reasons": dict(sorted(self.reasons.items())),
        }


@dataclass(slots=True)
class FleetTally:
    """One fleet's ticks, decided twice."""

    ticks: int = 0
    same: int = 0
    resized: int = 0
    """That get another target."""
    then: Sums = field(default_factory=Sums)
    now: Sums = field(default_factory=Sums)

    @property
    def different(self) -> int:
        """Ticks that these rules decide otherwise."""
        return self.ticks - self.same

    def take(self, again: Again) -> None:
        """Add one more tick."""
        self.ticks += 1
        self.same += again.same
        self.resized += again.resized
        self.then.take(again.then)
        self.now.take(again.now)

    def form(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "ticks": self.ticks,
            "different": self.different,
            "resized": self.resized,
            "then": self.then.form(),
            "now": self.now.form(),
        }
