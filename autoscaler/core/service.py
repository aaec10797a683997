"""A service as ECS shows it, how one may be steered, and what is remembered of steering it.

A service keeps as many tasks as its desired count says, so a fleet of this kind is changed by one
number, both ways. Times are seconds since the epoch (UTC), durations are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from autoscaler.core.actions import Setting
from autoscaler.core.suspension import Saved, Suspending, Suspension, WhenScaled
from autoscaler.core.units import Duration


@dataclass(frozen=True, slots=True)
class Service:
    """One ECS service, as last seen."""

    name: str
    desired: int
    status: str = "ACTIVE"
    """ECS's: ACTIVE, DRAINING or INACTIVE."""
    deployment: str | None = None
    """The task definition that a deployment in progress brings; None: none is in progress."""
    deploying_since: float | None = None
    scaled_by: str | None = None
    """What else scales it, in words; None: nothing does."""
    suspension: Suspension | None = None
    """What of Application Auto Scaling is suspended; None: it does not know the service."""


@dataclass(frozen=True, slots=True)
class ScaleIn:
    """How tasks of a service are taken away: seldom, and never more than can be spared."""

    stabilization: Duration = 300.0
    """The highest want of so many seconds counts.

    SQS's counts may be a minute old, and a queue is empty for certain only after several minutes
    of zeros [SQS: confirming that a queue is empty].
    """
    cooldown: Duration = 120.0
    """Seconds from one scale-in to the next."""
    protected: bool = False
    """Whether tasks protect themselves while they work (``autoscaler worker --protect``).

    If not, no fewer tasks are left than messages are in flight.
    """


@dataclass(frozen=True, slots=True)
class ScaleOut:
    """How tasks of a service are added."""

    cooldown: Duration = 0.0
    """Seconds from one scale-out to the next."""


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """How the desired count of a service may change."""

    scale_in: ScaleIn = field(default_factory=ScaleIn)
    scale_out: ScaleOut = field(default_factory=ScaleOut)
    when_scaled_by_others: WhenScaled = WhenScaled.HOLD


@dataclass(frozen=True, slots=True)
class Want:
    """How many tasks a tick wanted."""

    at: float
    count: int


@dataclass(frozen=True, slots=True)
class Change:
    """A desired count that somebody else set."""

    at: float
    """When it was noticed."""
    ours: int
    theirs: int


@dataclass(frozen=True)
class Course:
    """What was wanted of a service, what was set, and what others did: a part of the memory."""

    wants: tuple[Want, ...] = ()
    """The latest, as far back as scale-in asks; oldest first."""
    setting: Setting | None = None
    """Saved, and not known to be carried out."""
    count: int | None = None
    """The desired count as it was last left; None: not known yet."""
    before: int | None = None
    """What it was before that: ECS may show it for a while longer."""
    set_at: float | None = None
    grown_at: float | None = None
    shrunk_at: float | None = None
    changed: Change | None = None
    """By somebody else, and not so long ago that the fleet is ours again."""
    suspending: Suspending | None = None
    """Saved, and not known to be carried out."""
    suspended_from: Suspension | None = None
    """What of Application Auto Scaling was suspended before it was suspended here, whole; None:
    it was not, or not here."""

    @property
    def saved(self) -> Saved | None:
        """What is to be carried out, or was not known to be."""
        return self.suspending or self.setting
