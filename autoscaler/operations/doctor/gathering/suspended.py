"""Services that Application Auto Scaling was told to leave alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autoscaler.aws.clients import Place
from autoscaler.aws.scalable_targets import DIMENSION, resource_id, target
from autoscaler.core.settings import Settings
from autoscaler.operations.doctor.account import Account


@dataclass(frozen=True, slots=True)
class SuspendedLooks:
    """Looks through the clusters of all fleets; raises as ``FleetLooks`` does."""

    account: Account
    settings: Settings

    def all(self) -> dict[str, Callable[[], Any]]:
        """By the names of facts."""
        return {"suspended": self.suspended}

    def suspended(self) -> Sequence[str]:
        """Suspended whole: ``service/CLUSTER/NAME``."""
        places: dict[Place, list[str]] = {}
        for fleet in self.settings.every_fleet.values():
            clusters = places.setdefault(Place(fleet.region, fleet.role), [])
            clusters.append(resource_id(fleet.cluster, ""))
        return [
            one["ResourceId"]
            for place, clusters in places.items()
            for one in self._targets(place)
            if one["ResourceId"].startswith(tuple(clusters)) and target(one).suspension.whole
        ]

    def _targets(self, place: Place) -> Sequence[Any]:
        return self.account.pages(
            place,
            "application-autoscaling.describe_scalable_targets",
            "ScalableTargets",
            "look for scalable targets",
            ServiceNamespace="ecs",
            ScalableDimension=DIMENSION,
        )
