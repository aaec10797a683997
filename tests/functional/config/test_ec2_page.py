"""docs/ec2.md: its settings are those there are, its figures those of the arithmetic."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from autoscaler.aws.instance_types import instance_types
from autoscaler.config import load
from autoscaler.core.instances import Bound, Fit, Instances, TaskNeed, fit

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "ec2.md").read_text(encoding="utf-8")
NEED = TaskNeed(256, 512)


def test_the_fleet_on_the_page_is_that_of_the_example(tmp_path: Path) -> None:
    (shown,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    whole = load([ROOT / "examples" / "ec2.yaml"], {})
    tail = yaml.safe_load((ROOT / "examples" / "ec2.yaml").read_text(encoding="utf-8"))
    written = {**tail, **yaml.safe_load(shown)}
    (tmp_path / "shown.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")

    fleet = load([tmp_path / "shown.yaml"], {}).fleets["encoders"]
    assert fleet.instances == whole.fleets["encoders"].instances


def test_every_setting_has_its_row_and_every_row_its_setting() -> None:
    table = PAGE.split("## Settings")[1].split("## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [
        field.name for field in fields(Instances)
    ]


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        (Instances(group="g"), Fit(2, Bound.INTERFACES)),
        (Instances(group="g", trunking=True), Fit(6, Bound.MEMORY)),
    ],
)
def test_the_example_of_the_arithmetic_is_worked_out_rightly(chosen: Instances, told: Fit) -> None:
    kind = instance_types()["c6i.large"]
    assert (kind.vcpus, kind.memory, kind.interfaces, kind.trunked_tasks) == (2, 4096, 3, 10)
    assert fit(kind, NEED, chosen) == told
