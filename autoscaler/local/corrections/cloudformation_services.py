"""A service of a CloudFormation stack is a service like any other, with real tasks.

moto makes one of its own, without tasks, which the ECS in front of it does not know. This goes when
moto's ECS answers for services again.
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import pascal_to_camelcase, remap_nested_keys
from moto.ecs.models import Service, ecs_backends

from autoscaler.local.ecs.desk import DESK
from autoscaler.local.ecs.model import Place

_ONLY_AT_FIRST = ("serviceName", "launchType", "schedulingStrategy", "tags", "role")


def apply() -> None:
    """Correct moto."""
    Service.create_from_cloudformation_json = classmethod(_create)
    Service.update_from_cloudformation_json = classmethod(_update)
    Service.delete = _delete


def _create(
    _cls: Any,
    /,
    resource_name: str,
    cloudformation_json: dict[str, Any],
    account_id: str,
    region_name: str,
    **_more: Any,
) -> Any:
    place = Place(account_id, region_name)
    asked = {"desiredCount": 1, **_body(cloudformation_json), "serviceName": resource_name}
    return _shadow(DESK.ask("CreateService", asked, place), place)


def _update(
    _cls: Any,
    /,
    original_resource: Any,
    cloudformation_json: dict[str, Any],
    account_id: str,
    region_name: str,
    **_more: Any,
) -> Any:
    place = Place(account_id, region_name)
    body = _body(cloudformation_json)
    asked = {name: value for name, value in body.items() if name not in _ONLY_AT_FIRST}
    asked |= {"service": original_resource.name}
    return _shadow(DESK.ask("UpdateService", asked, place), place)


def _delete(self: Any, account_id: str, region_name: str) -> None:
    asked = {"cluster": self.cluster_name, "service": self.name, "force": True}
    DESK.ask("DeleteService", asked, Place(account_id, region_name))


def _body(cloudformation_json: dict[str, Any]) -> dict[str, Any]:
    properties = dict(cloudformation_json["Properties"])
    for name in ("Cluster", "TaskDefinition"):
        if name in properties:
            properties[name] = getattr(properties[name], "arn", properties[name])
    body: dict[str, Any] = remap_nested_keys(properties, pascal_to_camelcase)
    return body


def _shadow(answer: dict[str, Any], place: Place) -> Any:
    """Return what moto knows of the service: enough for a stack to name it."""
    _, cluster, name = answer["service"]["serviceArn"].rsplit("/", 2)
    return ecs_backends[place.account][place.region].services[f"{cluster}:{name}"]
