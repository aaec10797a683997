"""Task definitions: what is told of them is more than what can be registered."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ParamValidationError
from support.local_aws import Ecs

ADDED = {
    "compatibilities",
    "registeredAt",
    "registeredBy",
    "requiresAttributes",
    "revision",
    "status",
    "taskDefinitionArn",
}


def described(ecs: Ecs, name: str) -> dict[str, Any]:
    told: dict[str, Any] = ecs.api.describe_task_definition(taskDefinition=name)["taskDefinition"]
    return told


def test_what_aws_adds_cannot_be_registered(ecs: Ecs) -> None:
    family = ecs.define("sleep", "60")
    told = described(ecs, family)
    assert told.keys() >= ADDED
    for name in ADDED:
        with pytest.raises(ParamValidationError):
            ecs.api.register_task_definition(**without(told, ADDED - {name}))


def test_without_it_the_next_revision_is_the_same(ecs: Ecs) -> None:
    family = ecs.define("sleep", "60", stopTimeout=90, environment=[{"name": "A", "value": "ü"}])
    first = described(ecs, family)
    ecs.api.register_task_definition(**without(first, ADDED))
    second = described(ecs, family)
    assert second["revision"] == 2
    assert without(second, ADDED) == without(first, ADDED)


def without(told: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in names}


def test_a_deregistered_revision_tells_when_and_starts_nothing_new(ecs: Ecs) -> None:
    family = ecs.define("sleep", "60")
    ecs.api.deregister_task_definition(taskDefinition=f"{family}:1")
    told = described(ecs, f"{family}:1")
    assert told["status"] == "INACTIVE"
    assert told["deregisteredAt"] >= told["registeredAt"]
    with pytest.raises(ecs.api.exceptions.ClientException):
        ecs.run(f"{family}:1")


def test_a_service_goes_on_with_a_revision_that_was_deregistered(ecs: Ecs) -> None:
    family = ecs.define("sleep", "60")
    place = {"cluster": ecs.cluster, "service": "web"}
    ecs.api.create_service(
        cluster=ecs.cluster,
        serviceName="web",
        taskDefinition=family,
        desiredCount=0,
        launchType="FARGATE",
        networkConfiguration=ecs.network,
    )
    ecs.api.deregister_task_definition(taskDefinition=f"{family}:1")
    told = ecs.api.update_service(**place, desiredCount=1)["service"]
    assert (told["desiredCount"], len(told["deployments"])) == (1, 1)
