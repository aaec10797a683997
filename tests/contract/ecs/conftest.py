"""The ECS contract runs against the local AWS; `--ecs=moto` shows what plain moto makes of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.local_aws import QUICK, Ecs, plain_moto

from autoscaler.local import LocalAws


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--ecs", choices=["local", "moto"], default="local")


@pytest.fixture(scope="session")
def implementation(request: pytest.FixtureRequest) -> str:
    return request.config.getoption("--ecs", default="local")


@pytest.fixture(scope="session")
def endpoint_url(implementation: str) -> Iterator[str]:
    if implementation == "moto":
        with plain_moto() as url:
            yield url
        return
    with LocalAws.start(QUICK) as aws:
        yield aws.endpoint_url


@pytest.fixture
def ecs(endpoint_url: str, implementation: str) -> Iterator[Ecs]:
    """A cluster of its own; its tasks are gone when the test ends."""
    made = Ecs.at(endpoint_url, patience=20.0 if implementation == "local" else 3.0)
    yield made
    for arn in made.listed():
        made.stop(arn)
