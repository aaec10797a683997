"""The ECS contract runs against the local AWS; `--ecs=moto` shows what plain moto makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from support.local_aws import QUICK, Ecs, client, plain_moto

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


@pytest.fixture(scope="session")
def make(endpoint_url: str, implementation: str) -> Callable[[], Ecs]:
    """Makes clusters; plain moto wants a subnet that exists, and need not be waited for long."""
    if implementation == "local":
        return partial(Ecs.at, endpoint_url)
    subnet, *_ = client(endpoint_url, "ec2").describe_subnets()["Subnets"]
    return partial(Ecs.at, endpoint_url, subnet=subnet["SubnetId"], patience=3.0)


@pytest.fixture
def ecs(make: Callable[[], Ecs]) -> Iterator[Ecs]:
    """A cluster of its own; its services are deleted, its tasks stopped, when the test ends."""
    made = make()
    yield made
    for arn in made.api.list_services(cluster=made.cluster, maxResults=100)["serviceArns"]:
        made.api.delete_service(cluster=made.cluster, service=arn, force=True)
    for arn in made.listed():
        made.stop(arn)
