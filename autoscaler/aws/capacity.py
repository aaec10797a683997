"""Where RunTask puts a fleet's tasks: on Fargate, or on the cluster's own EC2 instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoscaler.core.settings import FleetSettings
from autoscaler.core.tasks import Provider

if TYPE_CHECKING:
    from mypy_boto3_ecs.type_defs import (
        AwsVpcConfigurationTypeDef,
        CapacityProviderStrategyItemTypeDef,
        PlacementStrategyTypeDef,
        RunTaskRequestTypeDef,
    )


_PLACEMENT: dict[str, PlacementStrategyTypeDef] = {
    "pack": {"type": "binpack", "field": "memory"},
    "spread": {"type": "spread", "field": "instanceId"},
}


def place(asked: RunTaskRequestTypeDef, settings: FleetSettings, provider: Provider) -> None:
    """Say in a request of RunTask what tasks run on, and with which network.

    One provider alone: base and weight of a strategy hold within one call only, so shares over
    a fleet's life cannot be left to them.
    """
    chosen = settings.instances
    if chosen is None:
        network = _network(settings)
        network["assignPublicIp"] = "ENABLED" if settings.assign_public_ip else "DISABLED"
        asked["networkConfiguration"] = {"awsvpcConfiguration": network}
        asked["capacityProviderStrategy"] = [_all_on(provider.value)]
        return
    if chosen.network == "awsvpc":  # ECS refuses public addresses for tasks on EC2
        asked["networkConfiguration"] = {"awsvpcConfiguration": _network(settings)}
    asked["placementStrategy"] = [_PLACEMENT[chosen.placement]]
    if chosen.capacity_provider is None:
        asked["launchType"] = "EC2"
    else:  # managed scaling counts only what comes by its provider, not by a launch type
        asked["capacityProviderStrategy"] = [_all_on(chosen.capacity_provider)]


def _all_on(provider: str) -> CapacityProviderStrategyItemTypeDef:
    return {"capacityProvider": provider, "weight": 1}


def _network(settings: FleetSettings) -> AwsVpcConfigurationTypeDef:
    network: AwsVpcConfigurationTypeDef = {"subnets": list(settings.subnets)}
    if settings.security_groups:
        network["securityGroups"] = list(settings.security_groups)
    return network
