"""What a look at a queue's consumers told. Values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autoscaler.operations.mode.definition import Definition


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment of a service; the first one of a service is its primary."""

    definition: str
    """ARN of its task definition."""
    running: int
    pending: int
    rollout: str | None = None
    """IN_PROGRESS, COMPLETED or FAILED; None where ECS tells none."""
    why: str = ""
    """ECS's reason for that."""


@dataclass(frozen=True, slots=True)
class ServiceSeen:
    """An ECS service and its task definition."""

    name: str
    desired: int
    running: int
    pending: int
    arn: str
    """Of the task definition that it is to run."""
    definition: Definition
    latest_arn: str
    """Of the newest active revision of that family."""
    latest: Definition
    deployments: tuple[Deployment, ...]
    trouble: str | None = None
    """Why its mode cannot be changed by ECS's means, in a sentence."""
    protected: int = 0
    """Tasks that scale-in protection keeps, as far as anything is to go."""
    scaled: bool = False
    """Whether Application Auto Scaling may set its desired count."""

    @property
    def settled(self) -> bool:
        """Whether all its tasks run what they are to run, healthy as ECS sees it, and no other."""
        if len(self.deployments) != 1 or self.pending or self.running != self.desired:
            return False
        (only,) = self.deployments
        return only.definition == self.arn and only.rollout in (None, "COMPLETED")

    @property
    def failure(self) -> str | None:
        """Why its newest deployment failed; None: it did not."""
        failed = [one for one in self.deployments if one.rollout == "FAILED"]
        return (failed[0].why or "ECS tells no reason") if failed else None


@dataclass(frozen=True, slots=True)
class MappingSeen:
    """A Lambda event source mapping on the queue."""

    id: str
    function: str
    """The function's name."""
    state: str
    """In Lambda's words: Enabled, Disabled, or on its way."""

    @property
    def polls(self) -> bool:
        """Whether it may receive; one that is about to be disabled still does."""
        return self.state != "Disabled"


@dataclass(frozen=True, slots=True)
class FleetSeen:
    """This controller's fleet for the queue."""

    name: str
    paused: bool
    """Whether nothing new is launched for the queue, until somebody resumes it."""
    live: int
    """Tasks that start or run, and launches in doubt."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that may work on one queue."""

    service: ServiceSeen
    mappings: tuple[MappingSeen, ...]
    fleet: FleetSeen | None
    """None: this controller launches nothing for it."""

    def of(self, function: str) -> tuple[MappingSeen, ...]:
        """The mappings of a function."""
        return tuple(one for one in self.mappings if one.function == function)


def as_json(seen: Seen) -> Mapping[str, object]:
    """The look, for programs."""
    service = seen.service
    return {
        "service": {
            "name": service.name,
            "task_definition": service.arn,
            "desired": service.desired,
            "running": service.running,
            "settled": service.settled,
        },
        "mappings": [
            {"id": one.id, "function": one.function, "state": one.state} for one in seen.mappings
        ],
        "fleet": seen.fleet
        and {"name": seen.fleet.name, "paused": seen.fleet.paused, "live": seen.fleet.live},
    }
