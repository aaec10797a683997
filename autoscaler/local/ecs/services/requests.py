"""CreateService and UpdateService: read, checked against what AWS refuses, and resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.errors import EcsError, invalid
from autoscaler.local.ecs.requests import read_launch, read_tags
from autoscaler.local.ecs.services.model import Percentages

if TYPE_CHECKING:
    from autoscaler.local.ecs.catalog import Catalog, Definition
    from autoscaler.local.ecs.model import Place
    from autoscaler.local.ecs.requests import LaunchRequest

_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_OF_TASKS = ("launchType", "capacityProviderStrategy", "networkConfiguration", "platformVersion")
_TOLD_BACK = (
    *_OF_TASKS,
    "availabilityZoneRebalancing",
    "deploymentConfiguration",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
    "loadBalancers",
    "placementConstraints",
    "placementStrategy",
    "propagateTags",
    "serviceRegistries",
)
_REDEPLOYED_FOR = ("capacityProviderStrategy", "networkConfiguration", "platformVersion")


def read_name(body: dict[str, Any]) -> str:
    """Return the new service's name. Raises InvalidParameterException."""
    name = str(body.get("serviceName", ""))
    if not _NAME.fullmatch(name):
        raise invalid(
            "The service name must have 1 to 255 letters, numbers, hyphens and underscores."
        )
    return name


def check_kind(body: dict[str, Any]) -> None:
    """Refuse the kinds of services that are not played here."""
    controller = body.get("deploymentController", {}).get("type", "ECS")
    if controller != "ECS":
        raise _unsupported(f"deployments by {controller}")
    if body.get("schedulingStrategy", "REPLICA") != "REPLICA":
        raise _unsupported("DAEMON services")


def read_desired(body: dict[str, Any], default: int | None = None) -> int:
    """Return the desired count. Raises InvalidParameterException."""
    desired = body.get("desiredCount", default)
    if desired is None:
        raise invalid("desiredCount cannot be null for a REPLICA service.")
    if int(desired) < 0:
        raise invalid("desiredCount cannot be negative.")
    return int(desired)


def read_percentages(asked: dict[str, Any]) -> Percentages:
    """Return how a service is deployed. Raises InvalidParameterException."""
    given, usual = asked.get("deploymentConfiguration", {}), Percentages()
    least = int(given.get("minimumHealthyPercent", usual.minimum_healthy))
    most = int(given.get("maximumPercent", usual.maximum))
    if most < 100 or least < 0 or least > most:
        raise invalid(
            "maximumPercent must be at least 100, and minimumHealthyPercent between 0 and it."
        )
    if least == most == 100:
        raise invalid(
            "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block "
            "deployments."
        )
    return Percentages(least, most)


def told_back(body: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Return what DescribeServices will tell of the request, on top of what it told before."""
    given = {key: body[key] for key in _TOLD_BACK if body.get(key) is not None}
    kept = dict(before)
    if given.get("capacityProviderStrategy"):
        kept.pop("launchType", None)
    return kept | given


@dataclass(frozen=True, slots=True)
class Identity:
    """Which service it is: its cluster and name, and the tags its tasks may inherit."""

    cluster: str
    name: str
    tags: dict[str, str]


def read_service(
    service: Identity,
    asked: dict[str, Any],
    definition: Definition | str,
    place: Place,
    catalog: Catalog,
) -> LaunchRequest:
    """Return what launches one task of the service. Raises the EcsError AWS answers with."""
    if isinstance(definition, str):
        definition = catalog.definition(place, definition)
    body = {key: asked[key] for key in _OF_TASKS if asked.get(key)}
    body |= {"cluster": service.cluster, "group": f"service:{service.name}"}
    request = read_launch(body, place, catalog, definition)
    return replace(request, tags=_task_tags(asked, definition, service.tags))


def resolved(asked: dict[str, Any], request: LaunchRequest) -> dict[str, Any]:
    """Say where the tasks run, as it was asked for or by the cluster's default."""
    if request.launch_type:
        return asked | {"launchType": request.launch_type}
    items = [
        {"capacityProvider": share.provider, "weight": share.weight, "base": share.base}
        for share in request.shares
    ]
    return asked | {"capacityProviderStrategy": items}


def is_redeployed(
    body: dict[str, Any], before: dict[str, Any], now: LaunchRequest, was: LaunchRequest
) -> bool:
    """Whether an update begins a deployment; the desired count and tags alone do not."""
    changed = any(body.get(key) not in (None, before.get(key)) for key in _REDEPLOYED_FOR)
    return (
        changed or now.definition.arn != was.definition.arn or bool(body.get("forceNewDeployment"))
    )


def _task_tags(
    asked: dict[str, Any], definition: Definition, tags: dict[str, str]
) -> dict[str, str]:
    inherited = {
        "SERVICE": tags,
        "TASK_DEFINITION": read_tags(list(definition.tags)),
        "NONE": {},
    }
    propagate = str(asked.get("propagateTags", "NONE"))
    if propagate not in inherited:
        raise invalid(f"propagateTags should be one of [{','.join(inherited)}]")
    return dict(inherited[propagate])


def _unsupported(what: str) -> EcsError:
    return EcsError("UnsupportedFeatureException", f"The local AWS does not play {what}.")
