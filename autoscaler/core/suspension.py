"""Application Auto Scaling on a service: how much of it is suspended, and on whose behalf."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from autoscaler.core.actions import Setting


class WhenScaled(StrEnum):
    """What is done about Application Auto Scaling that has a service in hand."""

    HOLD = "hold"  # the service stays as it is
    SUSPEND = "suspend"  # the other is suspended, and remembered as it was
    RESUME = "resume"  # what was suspended here is given back, then as for hold


@dataclass(frozen=True, slots=True)
class Suspension:
    """Which of the three ways of scaling a scalable target are suspended."""

    scale_in: bool = False
    scale_out: bool = False
    scheduled: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing of it changes the service any more."""
        return self.scale_in and self.scale_out and self.scheduled


WHOLE = Suspension(scale_in=True, scale_out=True, scheduled=True)


@dataclass(frozen=True, slots=True)
class SetSuspension:
    """Have so much of it suspended. An absolute state: to repeat it changes nothing."""

    to: Suspension
    before: Suspension
    """What it was when this was decided."""


@dataclass(frozen=True, slots=True)
class Suspending:
    """A suspension saved before it is set; kept until it is known to be."""

    tick: int
    action: SetSuspension
    saved_at: float


Saved = Setting | Suspending
"""What a service is about to be told: one thing at a time."""
