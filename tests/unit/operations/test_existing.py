"""What a service or a task definition tells of the fleet to come, on a scripted AWS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from support.wire import Refusal, Wire

from autoscaler.core.errors import ConfigurationError
from autoscaler.operations.existing import Network, of_service, of_task_definition

ARN = "arn:aws:ecs:eu-west-1:123456789012:service/pipeline/web"
DEFINITION = {
    "family": "queue-proc",
    "revision": 7,
    "cpu": "1024",
    "memory": "2048",
    "containerDefinitions": [{"name": "worker"}],
}


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    monkeypatch.setenv("AWS_REGION", "eu-west-2")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    scripted = Wire().on("DescribeTaskDefinition", {"taskDefinition": DEFINITION})
    yield scripted
    scripted.clients.close()


def serving(wire: Wire, **more: Any) -> Wire:
    service = {"serviceName": "web", "status": "ACTIVE", "taskDefinition": "queue-proc:7", **more}
    return wire.on("DescribeServices", {"services": [service]})


@pytest.mark.parametrize(
    ("strategy", "share"),
    [
        ([], 0.0),
        ([{"capacityProvider": "FARGATE", "weight": 1}], 0.0),
        ([{"capacityProvider": "FARGATE", "base": 2}], 0.0),
        (
            [
                {"capacityProvider": "FARGATE", "weight": 1, "base": 1},
                {"capacityProvider": "FARGATE_SPOT", "weight": 3},
            ],
            0.75,
        ),
    ],
)
def test_a_service_s_share_of_spot_is_that_of_its_weights(
    wire: Wire, strategy: list[Mapping[str, Any]], share: float
) -> None:
    found = of_service(serving(wire, capacityProviderStrategy=strategy).clients, ARN, None)
    assert found.spot_share == share


def test_the_arn_of_a_service_tells_its_region_and_its_cluster(wire: Wire) -> None:
    found = of_service(serving(wire).clients, ARN, None)

    assert (found.region, found.cluster, found.source) == (
        "eu-west-1",
        "pipeline",
        "the service web",
    )
    assert wire.bodies("DescribeServices") == [{"cluster": "pipeline", "services": [ARN]}]
    assert "eu-west-1" in wire.urls[0]


@pytest.mark.parametrize("name", ["web", "arn:aws:ecs:eu-west-2:123456789012:service/web"])
def test_a_name_and_an_old_arn_leave_the_cluster_to_the_user(wire: Wire, name: str) -> None:
    clients = serving(wire).clients
    assert of_service(clients, name, "mine").cluster == "mine"
    assert of_service(clients, name, None).cluster == "default"


def test_a_service_without_a_network_of_its_own_leaves_it_to_be_filled_in(wire: Wire) -> None:
    assert of_service(serving(wire).clients, ARN, None).network == Network()


def test_a_service_that_is_no_longer_active_is_told(wire: Wire) -> None:
    with pytest.raises(ConfigurationError, match="no active service"):
        of_service(serving(wire, status="INACTIVE").clients, ARN, None)


def test_size_and_container_are_read_from_the_task_definition(wire: Wire) -> None:
    wire.on("DescribeVpcs", Refusal("UnauthorizedOperation"))
    found = of_task_definition(wire.clients, "queue-proc", None)

    assert (found.family, found.revision, found.container) == ("queue-proc", 7, "worker")
    assert (found.size, found.beside) == ("1 vCPU, 2 GB, X86_64", [])
    assert (found.region, found.cluster) == ("eu-west-2", "default")


def test_a_task_definition_that_cannot_be_read_is_told(wire: Wire) -> None:
    wire.on("DescribeTaskDefinition", Refusal("AccessDeniedException", "Not you."))
    with pytest.raises(ConfigurationError, match="access to DescribeTaskDefinition is denied"):
        of_task_definition(wire.clients, "queue-proc", None)


@pytest.mark.parametrize(
    ("operation", "call"),
    [("DescribeServices", of_service), ("DescribeTaskDefinition", of_task_definition)],
)
def test_a_server_that_is_not_aws_is_told(wire: Wire, operation: str, call: Any) -> None:
    wire.on(operation, {})
    with pytest.raises(ConfigurationError, match="is not one of AWS"):
        call(wire.clients, "web", None)
