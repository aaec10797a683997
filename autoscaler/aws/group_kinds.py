"""The instance types that an Auto Scaling group launches, and how it buys them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.instance_types import instance_types
from autoscaler.core.errors import ObservationError
from autoscaler.core.instances import Instances, InstanceType

Told = Mapping[str, Any]


def kinds_of(
    told: Told, chosen: Instances, clients: Clients, place: Place
) -> tuple[tuple[InstanceType, ...], tuple[str, ...]]:
    """Every type to count with, and why some are unknown, in sentences.

    Raises:
        ObservationError: the group weighs its types, so that its capacity is no count.
    """
    _refuse_weights(told)
    if chosen.tasks_per_instance is not None:
        return (), ()
    names = [chosen.type] if chosen.type else sorted(set(_names(told, clients, place)))
    if not names:
        return (), (_unsaid(told["AutoScalingGroupName"]),)
    table = instance_types()
    unknown = tuple(_no_such(name) for name in names if name not in table)
    return tuple(table[name] for name in names if name in table), unknown


def _no_such(name: str) -> str:
    return (
        f"There is no instance type {name} in the table that ships with this version; set "
        "instances.tasks_per_instance."
    )


def _unsaid(group: str) -> str:
    return f"The group {group} does not say which types it launches; set instances.type."


def _refuse_weights(told: Told) -> None:
    if any(one.get("WeightedCapacity") for one in _overrides(told)):
        raise ObservationError(
            f"the group {told['AutoScalingGroupName']} weighs its instance types, so that its "
            "desired capacity is no number of instances; remove the weights, or let managed "
            "scaling of a capacity provider scale it"
        )


def _overrides(told: Told) -> list[Told]:
    return list(_template(told).get("Overrides", ()))


def _template(told: Told) -> Told:
    return dict(told.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {}))


def _names(told: Told, clients: Clients, place: Place) -> Iterator[str]:
    """Of the policy's overrides, of the instances there are, or of the launch template."""
    overrides = [one["InstanceType"] for one in _overrides(told) if one.get("InstanceType")]
    there = [one["InstanceType"] for one in told["Instances"] if one.get("InstanceType")]
    yield from [*overrides, *there] or _of_template(told, clients, place)


def _of_template(told: Told, clients: Clients, place: Place) -> Iterator[str]:
    specified = told.get("LaunchTemplate") or _template(told).get("LaunchTemplateSpecification")
    if not specified:
        return
    answer = clients.service("ec2", place).describe_launch_template_versions(
        LaunchTemplateId=specified["LaunchTemplateId"],
        Versions=[specified.get("Version") or "$Default"],
    )
    for version in answer["LaunchTemplateVersions"]:
        if name := version["LaunchTemplateData"].get("InstanceType"):
            yield name


def purchase(told: Told) -> str | None:
    """What of a group is Spot, by its own policy; None: it has none."""
    policy = told.get("MixedInstancesPolicy")
    if not policy:
        return None
    how = policy.get("InstancesDistribution", {})
    base = how.get("OnDemandBaseCapacity", 0)
    share = how.get("OnDemandPercentageAboveBaseCapacity", 100)
    return (
        f"The group's own policy buys {base} instances on demand first, {share} % of the others "
        "too, and the rest on Spot."
    )
