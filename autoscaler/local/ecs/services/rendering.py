"""Services in the words of the ECS API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.rendering import tags_of

if TYPE_CHECKING:
    from autoscaler.local.ecs.services.model import Deployment, Service

_OF_DEPLOYMENTS = ("launchType", "capacityProviderStrategy", "networkConfiguration")


def render_service(service: Service, *, with_tags: bool = True) -> dict[str, Any]:
    """Describe a service as DescribeServices does."""
    told = {
        **service.asked,
        "clusterArn": service.cluster_arn,
        "createdAt": service.created_at,
        "deploymentConfiguration": {
            **service.asked.get("deploymentConfiguration", {}),
            "maximumPercent": service.percentages.maximum,
            "minimumHealthyPercent": service.percentages.minimum_healthy,
        },
        "deploymentController": {"type": "ECS"},
        "deployments": [] if service.status == "INACTIVE" else _deployments(service),
        "desiredCount": service.desired,
        "events": [
            {"id": event.id, "createdAt": event.at, "message": event.message}
            for event in service.events
        ],
        "pendingCount": service.pending,
        "runningCount": service.running,
        "schedulingStrategy": "REPLICA",
        "serviceArn": service.arn,
        "serviceName": service.name,
        "status": service.status,
        "taskDefinition": service.primary.request.definition.arn,
    }
    for name in ("loadBalancers", "placementConstraints", "placementStrategy", "serviceRegistries"):
        told.setdefault(name, [])
    if with_tags:
        told["tags"] = tags_of(service.tags)
    return told


def _deployments(service: Service) -> list[dict[str, Any]]:
    primary = _deployment(service, service.primary, "PRIMARY", service.desired)
    return [
        primary,
        *(_deployment(service, one, "ACTIVE", len(one.live)) for one in service.replaced),
    ]


def _deployment(service: Service, one: Deployment, status: str, desired: int) -> dict[str, Any]:
    state, why = _rollout(one)
    told = {name: service.asked[name] for name in _OF_DEPLOYMENTS if name in service.asked}
    return told | {
        "createdAt": one.created_at,
        "desiredCount": desired,
        "failedTasks": one.failed,
        "id": one.id,
        "pendingCount": one.pending,
        "rolloutState": state,
        "rolloutStateReason": why,
        "runningCount": one.running,
        "status": status,
        "taskDefinition": one.request.definition.arn,
        "updatedAt": one.updated_at,
    }


def _rollout(one: Deployment) -> tuple[str, str]:
    if one.given_up:
        return "FAILED", "ECS deployment circuit breaker: tasks failed to start."
    if one.completed:
        return "COMPLETED", f"ECS deployment {one.id} completed."
    return "IN_PROGRESS", f"ECS deployment {one.id} in progress."
