"""The port ``Services`` on the simulated AWS: one service, which is our controller's alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from autoscaler.absent import NoServices
from autoscaler.core.actions import Outcome
from autoscaler.core.cost import Tariff
from autoscaler.core.model import Unknown
from autoscaler.core.ports import Services, Tariffs
from autoscaler.core.rules import FleetRules
from autoscaler.core.service import Service
from autoscaler.core.suspension import Suspension
from autoscaler.core.tasks import Provider
from autoscaler.simulation.world import SimulatedAws

LOOKS = ("DescribeServices", "DescribeScalableTargets")
"""What one look takes (``autoscaler/aws/services.py``)."""


class ServicePort:
    """Shows and sets the desired count. Nobody else scales the service and nothing is deployed."""

    def __init__(self, aws: SimulatedAws, *, protected: bool) -> None:
        self._aws, self._protected = aws, protected

    def seen(self, fleets: Collection[str]) -> Mapping[str, Service]:
        """The service; before its first setting it keeps no task."""
        self._aws.api_calls.update(LOOKS)
        return {fleet: Service(fleet, self._aws.desired) for fleet in fleets}

    def set_desired(self, fleet: str, count: int) -> Outcome:
        """Have it keep so many tasks."""
        del fleet
        if self._protected:
            self._aws.set_desired_of_protected(count)
        else:
            self._aws.set_desired(count, protect=False)
        return Outcome()

    def suspend(self, fleet: str, suspension: Suspension) -> Outcome:
        """Done: there is nobody whose hold could be suspended."""
        del fleet, suspension
        return Outcome()


class OnDemand:
    """What its tasks cost: none of them runs on Spot."""

    def __init__(self, tariffs: Tariffs) -> None:
        self._tariffs = tariffs

    def of(self, fleets: Collection[str]) -> Mapping[str, Tariff | Unknown]:
        """The price on demand alone."""
        found = self._tariffs.of(fleets)
        return {
            fleet: one if isinstance(one, Unknown) else one.on((Provider.FARGATE,))
            for fleet, one in found.items()
        }


def services_of(aws: SimulatedAws, fleet: FleetRules) -> Services:
    """The port for a fleet; one whose tasks drain and exit has no service."""
    if fleet.service is None:
        return NoServices()
    return ServicePort(aws, protected=fleet.service.scale_in.protected)
