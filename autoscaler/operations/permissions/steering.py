"""Statements for fleets that are services: seen, set, and protected from inside."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.aws.scalable_targets import DIMENSION
from autoscaler.core.suspension import WhenScaled
from autoscaler.operations.permissions.names import cluster_arn, service_arn, tasks_arn
from autoscaler.operations.permissions.statement import Statement, distinct
from autoscaler.operations.permissions.subject import Subject


def looking(subject: Subject) -> list[Statement]:
    """What is asked before every change."""
    if not _arns(subject):
        return []
    return [
        Statement(
            "SeeServices",
            "Sees how many tasks each service keeps, and whether a deployment is in progress.",
            ("ecs:DescribeServices",),
            _arns(subject),
        ),
        scalers(),
    ]


def scalers() -> Statement:
    """Application Auto Scaling takes no narrower resource to read."""
    return Statement(
        "SeeOtherScalers",
        "Sees whether Application Auto Scaling has a service in hand, which is then left alone. "
        "It has no resources to name here.",
        ("application-autoscaling:DescribeScalableTargets",),
        ("*",),
    )


def setting(subject: Subject) -> list[Statement]:
    """The desired counts of these services, and of no other."""
    if not _arns(subject):
        return []
    return [
        Statement(
            "SetDesiredCounts",
            "Sets how many tasks each service keeps.",
            ("ecs:UpdateService",),
            _arns(subject),
        ),
        *_suspending(subject),
    ]


def _suspending(subject: Subject) -> Iterator[Statement]:
    """Targets have names that nobody chooses, so all of ECS's services there are meant."""
    sites = distinct(
        site.arn("application-autoscaling", "scalable-target/*")
        for site, one in subject.services()
        if one.when_scaled_by_others is not WhenScaled.HOLD
    )
    if sites:
        yield Statement(
            "SuspendOtherScalers",
            "Suspends Application Auto Scaling of these services, and resumes it "
            "(`when_scaled_by_others`). The names of targets are AWS's own, so that it cannot be "
            "said of which services.",
            ("application-autoscaling:RegisterScalableTarget",),
            sites,
            {
                "StringEquals": {
                    "application-autoscaling:service-namespace": "ecs",
                    "application-autoscaling:scalable-dimension": DIMENSION,
                }
            },
        )


def protecting(subject: Subject) -> list[Statement]:
    """A task's own role; ECS knows the tasks of a cluster, not those of one service."""
    services = list(subject.services())
    if not services:
        return []
    clusters = distinct(cluster_arn(site, one.cluster) for site, one in services)
    return [
        Statement(
            "ProtectTasks",
            "Asks ECS not to take a task away while it works (`autoscaler worker --protect`).",
            ("ecs:UpdateTaskProtection",),
            distinct(tasks_arn(site, one.cluster) for site, one in services),
            {"ArnEquals": {"ecs:cluster": clusters}},
        )
    ]


def _arns(subject: Subject) -> tuple[str, ...]:
    return distinct(service_arn(site, one.cluster, one.service) for site, one in subject.services())
