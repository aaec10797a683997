"""A service that knows the truth: what it keeps, whatever its description may still say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from autoscaler.core.actions import Outcome
from autoscaler.core.model import Unknown
from autoscaler.core.service import Service
from autoscaler.core.suspension import Suspension


@dataclass
class FakeService:
    """The port ``Services`` of one service, for every fleet that asks."""

    desired: int = 0
    shown: int | None = None
    """What its description says; None: the truth."""
    looks: Service = field(default_factory=lambda: Service("svc", 0))
    """The rest of its description."""
    unknown: bool = False
    answers: list[Outcome | Exception] = field(default_factory=list)
    """What the next settings are answered with, after they have or have not taken effect."""
    lost: bool = False
    """Whether a setting that is answered so has no effect."""
    sets: list[int] = field(default_factory=list)
    suspends: list[Suspension] = field(default_factory=list)

    def seen(self, fleets: Collection[str]) -> Mapping[str, Service | Unknown]:
        if self.unknown:
            return dict.fromkeys(fleets, Unknown("DescribeServices did not answer"))
        desired = self.desired if self.shown is None else self.shown
        return dict.fromkeys(fleets, replace(self.looks, desired=desired))

    def set_desired(self, fleet: str, count: int) -> Outcome:
        self.sets.append(count)
        if not self.lost:
            self.desired = count
        return self._answered()

    def suspend(self, fleet: str, suspension: Suspension) -> Outcome:
        """Whoever scales it is back as soon as a part of it is not suspended."""
        self.suspends.append(suspension)
        if not self.lost:
            other = None if suspension.whole else "the other scaler"
            self.looks = replace(self.looks, scaled_by=other, suspension=suspension)
        return self._answered()

    def _answered(self) -> Outcome:
        answer = self.answers.pop(0) if self.answers else Outcome()
        if isinstance(answer, Exception):
            raise answer
        return answer
