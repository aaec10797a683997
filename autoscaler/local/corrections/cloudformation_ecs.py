"""Clusters and task definitions of a CloudFormation stack keep all their properties.

moto keeps a cluster's name only, without its capacity providers, and of a task definition the
containers but neither its network mode, its size nor what it is compatible with.
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import pascal_to_camelcase, remap_nested_keys
from moto.ecs.models import Cluster, TaskDefinition, ecs_backends

_DEFINITION = {
    "NetworkMode": "network_mode",
    "RequiresCompatibilities": "requires_compatibilities",
    "Cpu": "cpu",
    "Memory": "memory",
    "TaskRoleArn": "task_role_arn",
    "ExecutionRoleArn": "execution_role_arn",
    "RuntimePlatform": "runtime_platform",
    "EphemeralStorage": "ephemeral_storage",
    "Volumes": "volumes",
    "Tags": "tags",
}


def apply() -> None:
    """Correct moto."""
    Cluster.create_from_cloudformation_json = classmethod(_create_cluster)
    TaskDefinition.create_from_cloudformation_json = classmethod(_create_definition)


def _create_cluster(
    _cls: Any,
    /,
    resource_name: str,
    cloudformation_json: dict[str, Any],
    account_id: str,
    region_name: str,
    **_more: Any,
) -> Any:
    properties = _camel(cloudformation_json.get("Properties", {}))
    return ecs_backends[account_id][region_name].create_cluster(
        cluster_name=resource_name,
        tags=properties.get("tags"),
        capacity_providers=properties.get("capacityProviders"),
        default_capacity_provider_strategy=properties.get("defaultCapacityProviderStrategy"),
    )


def _create_definition(
    _cls: Any,
    /,
    resource_name: str,
    cloudformation_json: dict[str, Any],
    account_id: str,
    region_name: str,
    **_more: Any,
) -> Any:
    properties = cloudformation_json["Properties"]
    kept = {
        argument: _camel(properties[name])
        for name, argument in _DEFINITION.items()
        if name in properties
    }
    return ecs_backends[account_id][region_name].register_task_definition(
        family=properties.get("Family", resource_name),
        container_definitions=_camel(properties.get("ContainerDefinitions", [])),
        **kept,
    )


def _camel(value: Any) -> Any:
    return remap_nested_keys(value, pascal_to_camelcase)
