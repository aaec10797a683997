"""What a user configures of a fleet that is a service, validated, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from autoscaler.core.rules import Combine, Limits
from autoscaler.core.service import ScaleIn, ScaleOut, ServiceRules
from autoscaler.core.suspension import WhenScaled
from autoscaler.core.units import Matching

ROLE = Matching(
    r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$",
    "a role's ARN, such as arn:aws:iam::123456789012:role/autoscaler",
)
SERVICE = Matching(r"^[A-Za-z0-9_-]{1,255}$", "a service's name: letters, digits, - and _")


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Which ECS service a fleet is, and how its desired count may change.

    What its tasks are and where they run is the service's own, on Fargate and on EC2 alike.
    """

    cluster: str
    """Name or ARN of its ECS cluster."""
    service: Annotated[str, SERVICE]
    """Its name."""
    run: Literal["service"]
    """A fleet that is a service; ``tasks`` has keys of its own."""
    region: str | None = None
    """None: the region of the environment."""
    role: Annotated[str, ROLE] | None = None
    """ARN of a role to assume for the service, its queues and metrics, in another account, say.

    None: the credentials of the environment.
    """
    limits: Limits = field(default_factory=Limits)
    """How many tasks there may be, whatever policies want."""
    combine: Literal[Combine.MAX, Combine.SUM] = Combine.MAX
    """How the wants of several queues become one: ``max`` or ``sum``."""
    scale_in: ScaleIn = field(default_factory=ScaleIn)
    """How tasks are taken away."""
    scale_out: ScaleOut = field(default_factory=ScaleOut)
    """How tasks are added."""
    when_scaled_by_others: WhenScaled = WhenScaled.HOLD
    """Of Application Auto Scaling that has the service registered: ``hold`` leaves the service as
    it is, ``suspend`` suspends the other, ``resume`` gives back what was suspended here."""

    @property
    def steering(self) -> ServiceRules:
        """How its desired count may change."""
        return ServiceRules(self.scale_in, self.scale_out, self.when_scaled_by_others)
