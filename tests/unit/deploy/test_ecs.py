"""What ECS is given in deploy/ecs: the image's own ways, and a worker that its parser takes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from autoscaler.worker.settings import read_settings

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SETTLING_SECONDS = 5  # between --grace and being killed, as the option's help says


def definition(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A task definition, and its one container."""
    read = json.loads((ROOT / "deploy" / "ecs" / f"{name}.json").read_text())
    (container,) = read["containerDefinitions"]
    return read, container


def says(instruction: str) -> str:
    """What the controller's stage of the Dockerfile says of this, its lines joined."""
    stage = DOCKERFILE.partition(" AS controller")[2].replace("\\\n", "")
    (found,) = re.findall(rf"^{instruction} +(.*)$", stage, re.MULTILINE)
    return str(found)


def test_the_controller_runs_as_its_image_says() -> None:
    _, container = definition("controller")

    assert container["user"] == says("USER")
    assert container["entryPoint"] == json.loads(says("ENTRYPOINT"))
    assert container["command"] == json.loads(says("CMD"))
    assert container["healthCheck"]["command"] == ["CMD", *json.loads(says("HEALTHCHECK.*?CMD"))]
    assert container["readonlyRootFilesystem"] is True


def test_the_variables_it_is_given_are_the_images_own() -> None:
    _, container = definition("controller")

    own = dict(pair.split("=", 1) for pair in says("ENV").split())
    given = {one["name"]: one["value"] for one in container["environment"]}
    assert given == {name: own[name] for name in given}
    assert given


def test_the_workers_command_is_one_that_the_worker_takes() -> None:
    _, container = definition("worker")
    program, verb, *options = container["command"]

    settings = read_settings(options, {})

    assert (program, verb) == ("autoscaler", "worker")
    assert settings.grace_seconds + SETTLING_SECONDS <= container["stopTimeout"] <= 120


@pytest.mark.parametrize("name", ["controller", "worker"])
def test_each_runs_on_fargate_with_a_log_and_roles_of_its_own(name: str) -> None:
    read, container = definition(name)

    assert (read["requiresCompatibilities"], read["networkMode"]) == (["FARGATE"], "awsvpc")
    assert container["logConfiguration"]["options"]["awslogs-group"] == "/pipeline"
    assert read["taskRoleArn"] != read["executionRoleArn"]
    assert container["essential"] is True
    assert not [one for one in container.get("environment", ()) if "TOKEN" in one["name"]]


def test_only_ecs_may_take_the_roles_and_only_for_this_account() -> None:
    (statement,) = json.loads((ROOT / "deploy/ecs/trust.json").read_text())["Statement"]

    assert statement["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
    assert statement["Condition"]["StringEquals"].keys() == {"aws:SourceAccount"}
