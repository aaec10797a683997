"""Every configuration this project shows is one that works."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from autoscaler.config import load
from autoscaler.core.rules import Limits, Spot
from policies.depth import Depth

ROOT = Path(__file__).parents[3]
WORLD = ROOT / "examples/world.yaml"  # of the simulation, with tests of its own
EXAMPLES = sorted(set((ROOT / "examples").glob("*.yaml")) - {WORLD})

DESIGN = """\
version: 1
installation: pipeline-prod
period: 2m
store: {type: file, path: /var/lib/autoscaler}
fleets:
  thumbnailers:
    run: tasks
    capacity: fargate
    region: eu-west-2
    cluster: pipeline
    task_definition: queue-proc              # pinned revision or latest active
    container: queue-proc
    subnets: [subnet-1, subnet-2]
    security_groups: [sg-1]
    assign_public_ip: false
    spot: {share: 0.8, on_demand_base: 0}
    limits: {max_tasks: 10, max_launches_per_tick: 10}
queues:
  thumbnails:
    queue: ecsdemo-queue-proc                # name, URL or ARN
    fleet: thumbnailers
    policies:
      - {type: depth, messages_per_task: 10}
"""


@pytest.fixture(scope="module")
def published() -> Draft202012Validator:
    path = ROOT / "schema" / "autoscaler.schema.json"
    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: str(path.name))
def test_an_example_loads_and_the_published_schema_takes_it(
    example: Path, published: Draft202012Validator
) -> None:
    assert load([example], {}).installation
    published.validate(yaml.safe_load(example.read_text(encoding="utf-8")))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: str(path.name))
def test_an_example_tells_editors_where_its_schema_is(example: Path) -> None:
    first = example.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schema/autoscaler.schema.json"


def test_there_is_an_example() -> None:
    assert EXAMPLES


def test_the_configuration_of_the_design_means_what_it_says(
    tmp_path: Path, published: Draft202012Validator
) -> None:
    file = tmp_path / "autoscaler.yaml"
    file.write_text(DESIGN, encoding="utf-8")
    published.validate(yaml.safe_load(DESIGN))
    settings = load([file], {"AUTOSCALER_FLEETS__THUMBNAILERS__LIMITS__MAX_TASKS": "4"})
    assert settings.fleets["thumbnailers"].limits == Limits(max_tasks=4, max_launches_per_tick=10)
    assert settings.fleets["thumbnailers"].spot == Spot(share=0.8)
    assert settings.queues["thumbnails"].policies == {"depth": Depth(messages_per_task=10)}


def test_the_command_writes_the_published_schema() -> None:
    command = [sys.executable, "-W", "error", "-m", "autoscaler.config.schema"]
    written = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    published = (ROOT / "schema" / "autoscaler.schema.json").read_text(encoding="utf-8")
    assert written.stdout == published
