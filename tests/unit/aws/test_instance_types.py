"""The table of instance types: AWS's figures, and the command that makes it anew."""

from __future__ import annotations

from pathlib import Path

import moto
import pytest

from autoscaler.aws import instance_types as module
from autoscaler.aws.instance_types import instance_types
from autoscaler.core.instances import InstanceType
from autoscaler.local.instance_types import rows

TABLE = Path(module.__file__).with_suffix(".csv")


@pytest.mark.parametrize(
    "kind",
    [  # sizes from AWS's pages of each family, task limits from the ECS developer guide
        InstanceType("c5.large", 2, 4096, 3, 10),
        InstanceType("m5.8xlarge", 32, 131_072, 8, 60),
        InstanceType("m6i.8xlarge", 32, 131_072, 8, 90),
        InstanceType("m6g.medium", 1, 4096, 2, 4),
        InstanceType("r5.8xlarge", 32, 262_144, 8, None),  # named as unsupported
        InstanceType("m6idn.32xlarge", 128, 524_288, 14, 120),  # 13 tasks without trunking
        InstanceType("t3.micro", 2, 1024, 2, None),
    ],
    ids=lambda kind: kind.name,
)
def test_a_type_has_the_figures_that_aws_documents(kind):
    assert instance_types()[kind.name] == kind


def test_the_table_says_where_its_figures_are_from_and_when_it_was_made():
    first, second = TABLE.read_text().splitlines()[:2]
    assert "DescribeInstanceTypes" in first
    assert "2026-" in first
    assert "ECS developer guide" in second


def test_the_table_is_what_the_command_writes():
    made_from = TABLE.read_text().splitlines()
    if f"moto {moto.__version__}," not in made_from[0]:
        pytest.skip(f"the table is not from moto {moto.__version__}")
    assert made_from[2:] == list(rows())


def test_the_table_is_small():
    assert TABLE.stat().st_size < 100_000
