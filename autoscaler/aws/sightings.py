"""ECS's description of a task, in the core's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autoscaler.core.tasks import Provider, Task, TaskState

if TYPE_CHECKING:
    from mypy_boto3_ecs.type_defs import TaskTypeDef

GROUP = "autoscaler:"
"""Before the fleet's name in a task's ``group``."""

TOKEN_VARIABLE = "AUTOSCALER_LAUNCH"  # noqa: S105 - a variable's name
"""Carries a launch's token into its tasks, and from there back to whoever finds them."""

STAY_VARIABLE = "AUTOSCALER_STAY_UNTIL"
"""Tells the worker, in whole seconds since the epoch, until when not to leave; whoever finds the
task reads it there."""

_STATES = {
    "PROVISIONING": TaskState.STARTING,
    "PENDING": TaskState.STARTING,
    "ACTIVATING": TaskState.STARTING,
    "RUNNING": TaskState.RUNNING,
    "DEACTIVATING": TaskState.STOPPING,
    "STOPPING": TaskState.STOPPING,
    "DEPROVISIONING": TaskState.STOPPING,
    "STOPPED": TaskState.STOPPED,
    "DELETED": TaskState.STOPPED,
}
"""By ``lastStatus`` [ECS task lifecycle]."""


def task(seen: TaskTypeDef, installation: str, containers: Mapping[str, str]) -> Task:
    """Translate a task; ``containers`` names each fleet's working container."""
    fleet = _fleet(seen, installation)
    return Task(
        id=seen["taskArn"],
        fleet=fleet,
        provider=_provider(seen),
        state=_state(seen),
        token=_told(seen, TOKEN_VARIABLE),
        stay_until=_seconds(_told(seen, STAY_VARIABLE)),
        created_at=_time(seen, "createdAt"),
        pull_started_at=_time(seen, "pullStartedAt"),
        started_at=_time(seen, "startedAt"),
        stopped_at=_time(seen, "stoppedAt"),
        stop_code=seen.get("stopCode"),
        stopped_reason=seen.get("stoppedReason"),
        exit_code=_exit_code(seen, containers.get(fleet or "")),
    )


def _fleet(seen: TaskTypeDef, installation: str) -> str | None:
    group = seen.get("group", "")
    if seen.get("startedBy") != installation or not group.startswith(GROUP):
        return None
    return group.removeprefix(GROUP)


def _provider(seen: TaskTypeDef) -> Provider | None:
    """What it runs on; tasks on Spot say FARGATE where they say a launch type."""
    known = {provider.value: provider for provider in Provider}
    return known.get(seen.get("capacityProviderName", "")) or known.get(seen.get("launchType", ""))


def _state(seen: TaskTypeDef) -> TaskState:
    """A task told to stop is no capacity, even while it still says RUNNING."""
    state = _STATES.get(seen.get("lastStatus", ""), TaskState.STARTING)
    if seen.get("desiredStatus") == "STOPPED" and state is not TaskState.STOPPED:
        return TaskState.STOPPING
    return state


def _told(seen: TaskTypeDef, name: str) -> str | None:
    """What its launch told it by this variable."""
    for container in seen.get("overrides", {}).get("containerOverrides", ()):
        for variable in container.get("environment", ()):
            if variable.get("name") == name:
                return variable.get("value")
    return None


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isdecimal() else None


def _time(seen: Mapping[str, Any], name: str) -> float | None:
    return seen[name].timestamp() if seen.get(name) else None


def _exit_code(seen: TaskTypeDef, container: str | None) -> int | None:
    for one in seen.get("containers", ()):
        if one.get("name") == container:
            return one.get("exitCode")
    return None
