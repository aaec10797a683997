"""A fault script as values: which calls, when, and what happens to them."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autoscaler.local.faults.calls import Call
    from autoscaler.local.faults.effects import Effect


@dataclass(frozen=True, slots=True)
class Where:
    """The calls a fault is about: patterns such as `ecs:RunTask`, `sqs:*`; a resource's name."""

    actions: tuple[str, ...] = ("*",)
    resource: str = "*"

    def includes(self, call: Call) -> bool:
        """Whether the call is one of them."""
        return any(fnmatchcase(call.action, each) for each in self.actions) and (
            self.resource == "*" or fnmatchcase(call.resource or "", self.resource)
        )


@dataclass(frozen=True, slots=True)
class Period:
    """From a second to another since the script came into force; `until` None is for ever."""

    start: float = 0.0
    until: float | None = None

    def includes(self, seconds: float) -> bool:
        """Whether this second is within; `until` itself is not."""
        return self.start <= seconds and (self.until is None or seconds < self.until)


@dataclass(frozen=True, slots=True)
class Which:
    """Which of the calls are hit: the `first` so many, `every` so-manieth, and by `chance`."""

    first: int | None = None
    every: int = 1
    chance: float = 1.0

    def includes(self, number: int, drawn: float) -> bool:
        """Whether the call of this number, from 1 on, is hit; `drawn` lies between 0 and 1."""
        counted = (self.first is None or number <= self.first) and number % self.every == 0
        return counted and drawn < self.chance


@dataclass(frozen=True, slots=True)
class Rule:
    """One fault that happens to calls."""

    do: str
    where: Where
    period: Period
    which: Which
    effect: Effect


@dataclass(frozen=True, slots=True)
class Interruption:
    """Spot takes back this share of the running tasks of a provider each minute."""

    do: str
    period: Period
    provider: str
    share_per_minute: float

    def chance_within(self, seconds: float) -> float:
        """Return how likely one task is interrupted within this time."""
        survives: float = (1.0 - self.share_per_minute) ** (seconds / 60.0)
        return 1.0 - survives


@dataclass(frozen=True, slots=True)
class Script:
    """All faults in their order; the same seed draws the same chances."""

    faults: tuple[Rule | Interruption, ...] = ()
    seed: int = 0
