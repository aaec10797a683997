"""Statements for the EC2 instances that a fleet's tasks run on: seen, drained, let go of."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.core.instances import Instances
from autoscaler.core.settings import FleetSettings
from autoscaler.operations.permissions.facts import Site
from autoscaler.operations.permissions.names import cluster_arn
from autoscaler.operations.permissions.statement import Statement, distinct
from autoscaler.operations.permissions.subject import Subject


def looking(subject: Subject) -> list[Statement]:
    """What every tick asks about groups that are its to scale."""
    found = list(_with_group(subject))
    if not found:
        return []
    clusters = distinct(cluster_arn(site, fleet.cluster) for site, fleet, _ in found)
    providers = distinct(site.arn("ecs", "capacity-provider/*") for site, _, _ in found)
    return [
        Statement(
            "SeeGroups",
            "Sees a group's size and instances, which types it launches, and what a task needs of "
            "them. Auto Scaling, EC2 and task definitions have no resources to name here.",
            (
                "autoscaling:DescribeAutoScalingGroups",
                "ec2:DescribeLaunchTemplateVersions",
                "ecs:DescribeTaskDefinition",
            ),
            ("*",),
        ),
        Statement(
            "SeeProviders",
            "Sees whether managed scaling of a capacity provider has the group in hand, which is "
            "then left alone.",
            ("ecs:DescribeCapacityProviders",),
            providers,
        ),
        Statement(
            "FindProviders",
            "Reads which capacity providers a cluster has.",
            ("ecs:DescribeClusters",),
            clusters,
        ),
        Statement(
            "ListInstances",
            "Lists the cluster's container instances.",
            ("ecs:ListContainerInstances",),
            clusters,
        ),
        Statement(
            "SeeInstances",
            "Sees which container instances have tasks, and which are draining.",
            ("ecs:DescribeContainerInstances",),
            _instances(subject),
        ),
    ]


def scaling(subject: Subject) -> list[Statement]:
    """These groups, and the instances of their clusters."""
    if not _instances(subject):
        return []
    return [
        Statement(
            "DrainInstances",
            "Keeps new tasks off an instance that is to go, or lets it take tasks again.",
            ("ecs:UpdateContainerInstancesState",),
            _instances(subject),
        ),
        Statement(
            "ScaleGroups",
            "Adds instances to a group, and terminates one that is drained and has no task.",
            (
                "autoscaling:SetDesiredCapacity",
                "autoscaling:TerminateInstanceInAutoScalingGroup",
            ),
            distinct(
                site.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{chosen.group}")
                for site, _, chosen in _with_group(subject)
            ),
        ),
    ]


def _with_group(subject: Subject) -> Iterator[tuple[Site, FleetSettings, Instances]]:
    for site, fleet in subject.fleets():
        if fleet.instances and fleet.instances.group:
            yield site, fleet, fleet.instances


def _instances(subject: Subject) -> tuple[str, ...]:
    return distinct(
        site.arn("ecs", f"container-instance/{fleet.cluster.rpartition('/')[2]}/*")
        for site, fleet, _ in _with_group(subject)
    )
