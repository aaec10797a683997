"""RunTask requests: read, checked against what AWS refuses, and resolved."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.errors import invalid
from autoscaler.local.ecs.strategy import FARGATE_PROVIDERS, Share, read_strategy, split

if TYPE_CHECKING:
    from autoscaler.local.ecs.catalog import Catalog, Cluster, Definition
    from autoscaler.local.ecs.model import Place

_STARTED_BY = re.compile(r"[A-Za-z0-9\-/_]{1,128}")
_TOKEN = re.compile(r"[\x21-\x7e]{1,64}")
_OVERRIDES_LIMIT = 8192  # characters, the JSON's own included (API reference, TaskOverride)
_LAUNCH_TYPES = ("EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES")


@dataclass(frozen=True, slots=True)
class LaunchRequest:
    """A RunTask request that AWS would carry out. `pools` has one entry a task."""

    cluster: Cluster
    definition: Definition
    pools: tuple[str, ...]
    launch_type: str | None
    shares: tuple[Share, ...]
    subnets: tuple[str, ...]
    started_by: str | None
    group: str
    overrides: dict[str, Any]
    tags: dict[str, str]
    platform_version: str
    placement: tuple[dict[str, Any], ...] = ()


def read_launch(
    body: dict[str, Any], place: Place, catalog: Catalog, definition: Definition | None = None
) -> LaunchRequest:
    """Check a RunTask body, or what a service asks for each of its tasks.

    Raises the EcsError AWS answers with.
    """
    cluster = catalog.cluster(place, body.get("cluster", "default"))
    definition = definition or catalog.definition(place, _required(body, "taskDefinition"))
    count = _count(body)
    launch_type = _launch_type(body, cluster)
    shares = () if launch_type else tuple(_shares(body, cluster))
    pools = tuple(split(count, shares)) if shares else (str(launch_type),) * count
    _check_definition(definition, pools)
    return LaunchRequest(
        cluster=cluster,
        definition=definition,
        pools=pools,
        launch_type=launch_type,
        shares=shares,
        subnets=_subnets(body, definition, pools),
        started_by=_started_by(body),
        group=body.get("group") or f"family:{definition.family}",
        overrides=_overrides(body, definition),
        tags=_tags(body, definition),
        platform_version=_platform(body),
        placement=tuple(body.get("placementStrategy", ())),
    )


def check_token(body: dict[str, Any]) -> str | None:
    """Return the request's client token, if it has one and AWS allows it."""
    token = body.get("clientToken")
    if token is not None and not _TOKEN.fullmatch(token):
        raise invalid("The client token must have 1 to 64 ASCII characters between 33 and 126.")
    return token


def _required(body: dict[str, Any], key: str) -> str:
    if not body.get(key):
        raise invalid(f"{key} cannot be empty.")
    return str(body[key])


def _count(body: dict[str, Any]) -> int:
    count = int(body.get("count", 1))
    if not 1 <= count <= 10:
        raise invalid(f"The count must be between 1 and 10, and {count} was given.")
    return count


def _launch_type(body: dict[str, Any], cluster: Cluster) -> str | None:
    launch_type: str | None = body.get("launchType")
    if launch_type and body.get("capacityProviderStrategy"):
        raise invalid(
            "Specifying both a launch type and capacity provider strategy is not supported. "
            "Remove one and try again."
        )
    if not launch_type and not body.get("capacityProviderStrategy"):
        launch_type = None if cluster.default_strategy else "EC2"
    if launch_type not in (None, *_LAUNCH_TYPES):
        raise invalid(f"launch type should be one of [{','.join(_LAUNCH_TYPES)}]")
    return launch_type


def _shares(body: dict[str, Any], cluster: Cluster) -> list[Share]:
    items = body.get("capacityProviderStrategy") or cluster.default_strategy
    return read_strategy(items, cluster.providers)


def _check_definition(definition: Definition, pools: tuple[str, ...]) -> None:
    fargate = bool(FARGATE_PROVIDERS & set(pools))
    if fargate and definition.requires and "FARGATE" not in definition.requires:
        raise invalid("Task definition does not support launch_type FARGATE.")


def _subnets(
    body: dict[str, Any], definition: Definition, pools: tuple[str, ...]
) -> tuple[str, ...]:
    network = body.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    needed = definition.network_mode == "awsvpc" or bool(FARGATE_PROVIDERS & set(pools))
    if needed and not network.get("subnets"):
        raise invalid(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        )
    subnets, groups = network.get("subnets", []), network.get("securityGroups", [])
    if len(subnets) > 16 or len(groups) > 5:
        raise invalid("At most 16 subnets and 5 security groups can be given.")
    return tuple(subnets)


def _started_by(body: dict[str, Any]) -> str | None:
    started_by: str | None = body.get("startedBy")
    if started_by and not _STARTED_BY.fullmatch(started_by):
        raise invalid(
            "startedBy must have at most 128 characters: letters, numbers, hyphens, "
            "forward slashes and underscores."
        )
    return started_by or None


def _overrides(body: dict[str, Any], definition: Definition) -> dict[str, Any]:
    overrides: dict[str, Any] = body.get("overrides") or {}
    if len(json.dumps(overrides)) > _OVERRIDES_LIMIT:
        raise invalid(f"Container Overrides length must be at most {_OVERRIDES_LIMIT}")
    known = {container["name"] for container in definition.containers}
    for override in overrides.get("containerOverrides", []):
        if override.get("name") not in known:
            raise invalid(
                f"Override for container named {override.get('name')} is not a container in the "
                "TaskDefinition."
            )
    return {"containerOverrides": [], "inferenceAcceleratorOverrides": [], **overrides}


def _tags(body: dict[str, Any], definition: Definition) -> dict[str, str]:
    propagate = body.get("propagateTags", "NONE")
    if propagate == "SERVICE":
        raise invalid("propagateTags SERVICE is not supported when running a task.")
    inherited = definition.tags if propagate == "TASK_DEFINITION" else ()
    return read_tags([*inherited, *body.get("tags", [])])


def read_tags(items: list[dict[str, str]]) -> dict[str, str]:
    """Read ECS tags, a later one winning. Raises InvalidParameterException beyond AWS's limits."""
    tags = {item["key"]: item.get("value", "") for item in items}
    if len(tags) > 50:
        raise invalid("At most 50 tags can be given.")
    if any(len(key) > 128 or len(value) > 256 for key, value in tags.items()):
        raise invalid("A tag's key has at most 128 characters, its value at most 256.")
    if any(key.lower().startswith("aws:") for key in tags):
        raise invalid("A tag's key cannot start with aws:.")
    return tags


def _platform(body: dict[str, Any]) -> str:
    asked = body.get("platformVersion", "LATEST")
    return "1.4.0" if asked == "LATEST" else str(asked)
