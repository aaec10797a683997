"""What RunTask is asked: a fleet's settings and a saved launch, in ECS's words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from autoscaler.aws.capacity import place
from autoscaler.aws.sightings import GROUP, STAY_VARIABLE, TOKEN_VARIABLE
from autoscaler.core.actions import Intent
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import FleetSettings

if TYPE_CHECKING:
    from mypy_boto3_ecs.type_defs import (
        RunTaskRequestTypeDef,
        TaskOverrideTypeDef,
    )

MOST_OVERRIDES = 8192
"""Characters of the overrides as JSON, escapes and spaces included [ECS RunTask]."""


def request(
    installation: str, fleet: str, settings: FleetSettings, intent: Intent
) -> RunTaskRequestTypeDef:
    """The request of an intent; the same each time, as ECS compares what comes under a token.

    Raises:
        ConfigurationError: the overrides are longer than ECS takes.
    """
    asked: RunTaskRequestTypeDef = {
        "cluster": settings.cluster,
        "taskDefinition": settings.task_definition,
        "count": intent.launch.count,
        "clientToken": intent.token,
        "startedBy": installation,
        "group": GROUP + fleet,
        "overrides": _overrides(fleet, settings, intent),
    }
    place(asked, settings, intent.launch.provider)
    if settings.platform_version:
        asked["platformVersion"] = settings.platform_version
    if settings.tags:
        asked["tags"] = [{"key": key, "value": value} for key, value in settings.tags.items()]
    return asked


def overrides_of(settings: FleetSettings, intent: Intent) -> TaskOverrideTypeDef:
    """The task's size, and its working container's command and environment."""
    chosen = settings.overrides
    overrides: TaskOverrideTypeDef = {
        "containerOverrides": [
            {
                "name": settings.container,
                "environment": [
                    {"name": name, "value": value}
                    for name, value in _environment(settings, intent).items()
                ],
            }
        ]
    }
    if chosen.command is not None:
        overrides["containerOverrides"][0]["command"] = list(chosen.command)
    if chosen.cpu is not None:
        overrides["cpu"] = str(chosen.cpu)
    if chosen.memory is not None:
        overrides["memory"] = str(chosen.memory)
    return overrides


def _overrides(fleet: str, settings: FleetSettings, intent: Intent) -> TaskOverrideTypeDef:
    overrides = overrides_of(settings, intent)
    length = len(json.dumps(overrides))
    if length > MOST_OVERRIDES:
        raise ConfigurationError(
            f"the overrides of the fleet {fleet} come to {length} characters as JSON and ECS "
            f"takes {MOST_OVERRIDES}; move large values to the task definition, S3 or a secret"
        )
    return overrides


def _environment(settings: FleetSettings, intent: Intent) -> dict[str, str]:
    environment = {**settings.overrides.environment, TOKEN_VARIABLE: intent.token}
    if intent.launch.stay_until is not None:
        environment[STAY_VARIABLE] = str(int(intent.launch.stay_until))
    return environment
