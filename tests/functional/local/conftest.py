"""One local AWS and one plain moto for all tests of this folder; each test names its own things."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.local_aws import QUICK, Ecs, plain_moto

from autoscaler.local import LocalAws


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    with LocalAws.start(QUICK) as started:
        yield started


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """The endpoint of moto's own server, for tests that show a correction is still needed."""
    with plain_moto() as endpoint_url:
        yield endpoint_url


@pytest.fixture
def ecs(aws: LocalAws) -> Iterator[Ecs]:
    made = Ecs.at(aws.endpoint_url)
    yield made
    for arn in made.listed():
        made.stop(arn)
