"""A task definition is registered again as it was described, less what only ECS says of it."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from support.mode_world import CONTAINER, definition

from autoscaler.core.modes import Shape
from autoscaler.operations.mode.definition import changes, registrable, same, shaped


@pytest.fixture(scope="module")
def model() -> Any:
    service = botocore.session.Session().get_service_model("ecs")
    return service.operation_model("RegisterTaskDefinition").input_shape


ONLY_TOLD = {
    "taskDefinitionArn": "arn:aws:ecs:eu-west-2:123456789012:task-definition/web:7",
    "revision": 7,
    "status": "ACTIVE",
    "requiresAttributes": [{"name": "ecs.capability.task-eni"}],
    "compatibilities": ["EC2", "FARGATE"],
    "registeredAt": 1_795_000_000,
    "deregisteredAt": 1_795_000_001,
    "registeredBy": "arn:aws:iam::123456789012:user/somebody",
}


def test_what_register_refuses_is_dropped_and_all_else_is_kept(model: Any) -> None:
    taken = definition(
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        executionRoleArn="arn:aws:iam::123456789012:role/execution",
        volumes=[{"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}],
        ephemeralStorage={"sizeInGiB": 30},
        runtimePlatform={"cpuArchitecture": "ARM64"},
    )
    assert registrable({"taskDefinition": {**taken, **ONLY_TOLD}}, model) == taken


def test_every_field_that_only_describe_tells_is_one_that_register_does_not_know(
    model: Any,
) -> None:
    """Else the fields above would prove nothing."""
    assert not ONLY_TOLD.keys() & model.members.keys()


def test_unknown_fields_within_a_container_are_dropped_too(model: Any) -> None:
    container = {"name": "app", "image": "app:1", "somethingNew": True}
    told = {"family": "web", "containerDefinitions": [container]}
    kept = registrable({"taskDefinition": told}, model)
    assert kept["containerDefinitions"] == [{"name": "app", "image": "app:1"}]


def test_tags_go_along_but_for_those_that_aws_keeps_to_itself(model: Any) -> None:
    tags = [{"key": "team", "value": "web"}, {"key": "aws:cloudformation:stack", "value": "s"}]
    kept = registrable({"taskDefinition": definition(), "tags": tags}, model)
    assert kept["tags"] == [{"key": "team", "value": "web"}]


def test_a_shape_sets_the_size_and_the_variables_of_its_container_alone() -> None:
    made = shaped(definition(), Shape(2, 1024, 2048, {"POLL": "yes", "LOG": "debug"}), CONTAINER)
    assert (made["cpu"], made["memory"]) == ("1024", "2048")
    app, side = made["containerDefinitions"]
    assert app["environment"] == [
        {"name": "LOG", "value": "debug"},
        {"name": "POLL", "value": "yes"},
    ]
    assert side == definition()["containerDefinitions"][1]


def test_a_container_that_has_all_of_the_task_gets_all_of_the_new_size() -> None:
    app = {"name": CONTAINER, "cpu": 512, "memory": 1024}
    side = {"name": "side", "cpu": 128, "memory": 256}
    made = shaped(definition(containerDefinitions=[app, side]), Shape(2, 1024, 2048), CONTAINER)
    assert [(one["cpu"], one["memory"]) for one in made["containerDefinitions"]] == [
        (1024, 2048),
        (128, 256),
    ]


def test_a_shape_that_is_in_force_changes_nothing() -> None:
    shape = Shape(2, 1024, 2048, {"POLL": "yes"})
    once = shaped(definition(), shape, CONTAINER)
    assert shaped(once, shape, CONTAINER) == once


def test_variables_and_tags_in_another_order_mean_the_same() -> None:
    shape, other = {"A": "1", "B": "2"}, {"B": "2", "A": "1"}
    one = shaped(definition(tags=[{"key": "a"}, {"key": "b"}]), Shape(environment=shape), CONTAINER)
    two = shaped(definition(tags=[{"key": "b"}, {"key": "a"}]), Shape(environment=other), CONTAINER)
    assert same(one, two)
    assert not same(one, shaped(one, Shape(environment={"A": "3"}), CONTAINER))


def test_a_change_is_told_by_what_differs() -> None:
    made = shaped(definition(), Shape(cpu=1024, environment={"POLL": "yes"}), CONTAINER)
    assert changes(definition(), made) == ("cpu 512, app.POLL unset", "cpu 1024, app.POLL yes")
