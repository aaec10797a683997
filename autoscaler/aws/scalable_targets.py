"""A service as Application Auto Scaling knows it, a scalable target, in the core's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autoscaler.core.suspension import Suspension

DIMENSION = "ecs:service:DesiredCount"


@dataclass(frozen=True, slots=True)
class Target:
    """What it is told to do with a service, and what of it is suspended."""

    least: int
    most: int
    suspension: Suspension

    @property
    def scales(self) -> str | None:
        """Who changes the service, in words; None: it is suspended whole."""
        if self.suspension.whole:
            return None
        return f"Application Auto Scaling ({self.least} to {self.most} tasks)"


def resource_id(cluster: str, name: str) -> str:
    """Under which Application Auto Scaling knows a service; the cluster may be an ARN."""
    return f"service/{cluster.rpartition('/')[2]}/{name}"


def target(told: Mapping[str, Any]) -> Target:
    """As DescribeScalableTargets tells it."""
    state = told.get("SuspendedState", {})
    suspension = Suspension(
        scale_in=state.get("DynamicScalingInSuspended", False),
        scale_out=state.get("DynamicScalingOutSuspended", False),
        scheduled=state.get("ScheduledScalingSuspended", False),
    )
    return Target(told["MinCapacity"], told["MaxCapacity"], suspension)


def written(suspension: Suspension) -> dict[str, bool]:
    """As RegisterScalableTarget takes it: all three, so that nothing is left to a default."""
    return {
        "DynamicScalingInSuspended": suspension.scale_in,
        "DynamicScalingOutSuspended": suspension.scale_out,
        "ScheduledScalingSuspended": suspension.scheduled,
    }
