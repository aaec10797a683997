"""One local AWS and one stage for all tests of permissions; each has a gate of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.iam.gate import Gate
from support.iam.stage import Stage, stage_on
from support.local_aws import QUICK

from autoscaler.local import LocalAws


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    with LocalAws.start(QUICK) as started:
        yield started


@pytest.fixture
def staged(aws: LocalAws, tmp_path: Path) -> Iterator[tuple[Stage, Gate]]:
    with stage_on(aws, tmp_path) as made:
        yield made


@pytest.fixture
def stage(staged: tuple[Stage, Gate]) -> Stage:
    return staged[0]


@pytest.fixture
def gate(staged: tuple[Stage, Gate]) -> Gate:
    return staged[1]
