"""ARNs of what a configuration names."""

from __future__ import annotations

from autoscaler.aws.revisions import number
from autoscaler.operations.permissions.facts import Site


def cluster_arn(site: Site, text: str) -> str:
    """Of a cluster given by name or ARN."""
    return text if text.startswith("arn:") else site.arn("ecs", f"cluster/{text}")


def tasks_arn(site: Site, cluster: str) -> str:
    """Of every task of a cluster."""
    return site.arn("ecs", f"task/{cluster.rpartition('/')[2]}/*")


def definition_arn(site: Site, text: str) -> str:
    """Of a task definition's pinned revision, or of every revision of a family.

    ECS authorizes RunTask on one revision or on ``family:*``, and on nothing between
    [ECS RunTask, taskDefinition].
    """
    arn = text if text.startswith("arn:") else site.arn("ecs", f"task-definition/{text}")
    return arn if number(text) else f"{arn}:*"


def table_arn(site: Site, name: str) -> str:
    """Of a DynamoDB table."""
    return site.arn("dynamodb", f"table/{name}")


def service_arn(site: Site, cluster: str, name: str) -> str:
    """Of a service of a cluster."""
    return site.arn("ecs", f"service/{cluster.rpartition('/')[2]}/{name}")
