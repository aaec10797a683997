"""What is left of botocore's data: all that the calls need, and nothing else."""

from __future__ import annotations

import json

import pytest
from botocore import xform_name
from botocore.loaders import Loader

from autoscaler.operations.packaging.service_models import models, pruned
from autoscaler.operations.packaging.sources import others, sources

USED = {
    "cloudwatch": {"get_metric_data"},
    "dynamodb": {"batch_get_item", "put_item", "update_item"},
    "ecs": {"describe_task_definition", "describe_tasks", "list_tasks", "run_task"},
    "s3": {"get_object", "put_object"},
    "sqs": {"get_queue_attributes", "get_queue_url"},
    "ssm": {"get_parameter"},
    "sts": {"assume_role"},
}


@pytest.mark.parametrize("service", USED)
def test_every_operation_that_is_called_is_there_with_all_its_shapes(service: str) -> None:
    (name,) = [one for one in models() if f"/{service}/" in one and one.endswith("service-2.json")]
    model = json.loads(models()[name])

    assert {xform_name(one) for one in model["operations"]} >= USED[service]
    refs = {
        one["shape"]
        for shape in (*model["shapes"].values(), *model["operations"].values())
        for one in _references(shape)
    }
    assert refs == set(model["shapes"])


def _references(part: object) -> list[dict[str, str]]:
    if isinstance(part, list):
        return [found for one in part for found in _references(one)]
    if not isinstance(part, dict):
        return []
    own = [part] if isinstance(part.get("shape"), str) else []
    return own + [found for one in part.values() for found in _references(one)]


def test_a_service_is_a_small_part_of_what_it_was() -> None:
    whole = Loader().load_service_model("ecs", "service-2")

    small = pruned(whole, USED["ecs"])

    assert len(json.dumps(small)) < len(json.dumps(whole)) / 10
    assert len(small["operations"]) == 4


def test_a_member_called_documentation_stays() -> None:
    model = {
        "operations": {"Ask": {"input": {"shape": "In"}, "documentation": "long"}},
        "shapes": {
            "In": {"type": "structure", "members": {"documentation": {"shape": "Text"}}},
            "Text": {"type": "string", "documentation": "long"},
            "Unused": {"type": "string"},
        },
    }

    small = pruned(model, ["ask"])

    assert small["shapes"] == {
        "In": {"type": "structure", "members": {"documentation": {"shape": "Text"}}},
        "Text": {"type": "string"},
    }
    assert small["operations"] == {"Ask": {"input": {"shape": "In"}}}


def test_what_ships_of_ours_is_what_the_handler_reaches() -> None:
    shipped = set(sources())

    assert {"autoscaler.controller", "autoscaler.aws.roles", "policies.depth"} <= shipped
    rooms = {name.split(".")[1] for name in shipped if name.startswith("autoscaler.")}
    assert not rooms & {"cli", "config", "local", "simulation", "worker", "operations", "demo"}
    assert others() == {"botocore", "urllib3"}
