"""Tasks in the words of the ECS API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autoscaler.local.ecs.model import Container, Task

_TIMES = {
    "connectivityAt": "connected_at",
    "createdAt": "created_at",
    "executionStoppedAt": "execution_stopped_at",
    "pullStartedAt": "pull_started_at",
    "pullStoppedAt": "pull_stopped_at",
    "startedAt": "started_at",
    "stoppedAt": "stopped_at",
    "stoppingAt": "stopping_at",
}


def render(task: Task, *, with_tags: bool = True) -> dict[str, Any]:
    """Describe a task as DescribeTasks does; what is not known yet is left out."""
    known = {
        "attachments": task.attachments,
        "availabilityZone": task.availability_zone,
        "capacityProviderName": task.provider,
        "clusterArn": task.cluster_arn,
        "containerInstanceArn": task.host,
        "connectivity": None if task.connected_at is None else "CONNECTED",
        "containers": [_container(each, task) for each in task.containers],
        "cpu": task.cpu,
        "desiredStatus": task.desired_status,
        "enableExecuteCommand": False,
        "group": task.group,
        "healthStatus": "UNKNOWN",
        "lastStatus": task.last_status,
        "launchType": task.launch_type,
        "memory": task.memory,
        "overrides": task.overrides,
        "platformFamily": "Linux",
        "platformVersion": task.platform_version,
        "startedBy": task.started_by,
        "stopCode": task.cause and task.cause.code,
        "stoppedReason": task.cause and task.cause.reason,
        "tags": tags_of(task.tags) if with_tags else [],
        "taskArn": task.arn,
        "taskDefinitionArn": task.definition_arn,
        "version": task.version,
    } | {name: getattr(task, attribute) for name, attribute in _TIMES.items()}
    return {name: value for name, value in known.items() if value is not None}


def tags_of(tags: dict[str, str]) -> list[dict[str, str]]:
    """Return tags as ECS writes them."""
    return [{"key": key, "value": value} for key, value in tags.items()]


def _container(container: Container, task: Task) -> dict[str, Any]:
    plan = container.plan
    known = {
        "containerArn": container.arn,
        "cpu": str(plan.cpu),
        "exitCode": container.exit_code,
        "healthStatus": "UNKNOWN",
        "image": plan.image,
        "lastStatus": container.last_status,
        "memory": _text(plan.memory),
        "memoryReservation": _text(plan.memory_reservation),
        "name": plan.name,
        "networkInterfaces": _interfaces(container, task),
        "reason": container.reason,
        "runtimeId": None if container.process is None else container.runtime_id,
        "taskArn": task.arn,
    }
    return {name: value for name, value in known.items() if value is not None}


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _interfaces(container: Container, task: Task) -> list[dict[str, str]]:
    return [
        {"attachmentId": each["id"], "privateIpv4Address": container.private_address}
        for each in task.attachments
    ]
