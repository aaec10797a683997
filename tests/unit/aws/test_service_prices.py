"""What a service's tasks cost: by what it runs and where, as it was last seen."""

from __future__ import annotations

from typing import Any

import pytest
from support.aws_settings import fleet, service, settings
from support.wire import Page, Refusal, Wire

from autoscaler.aws.service_tasks import ServiceTasks, service_tasks
from autoscaler.aws.services import EcsServices
from autoscaler.aws.tariffs import EcsTariffs
from autoscaler.core.cost import Architecture, Tariff, TaskSize
from autoscaler.core.model import Unknown

DEFINITION = "arn:aws:ecs:eu-west-2:1:task-definition/encode"
ON_FARGATE = {"taskDefinition": f"{DEFINITION}:7", "launchType": "FARGATE"}
NOBODY: dict[str, Any] = {"ScalableTargets": []}


def told(**more: Any) -> dict[str, Any]:
    one = {"serviceName": "workers", "desiredCount": 2, "status": "ACTIVE", **more}
    return {"services": [one], "failures": []}


def strategy(**weights: int) -> dict[str, Any]:
    chosen = [{"capacityProvider": name, "weight": one} for name, one in weights.items()]
    return {"taskDefinition": f"{DEFINITION}:7", "capacityProviderStrategy": chosen}


@pytest.fixture
def sized(wire: Wire) -> Wire:
    """A definition of a quarter of a vCPU of ARM and half a GB."""
    size = {
        "family": "encode",
        "cpu": "256",
        "memory": "512",
        "runtimePlatform": {"cpuArchitecture": "ARM64"},
    }
    return wire.on("DescribeTaskDefinition", {"taskDefinition": size})


def tariffs(wire: Wire) -> EcsTariffs:
    return EcsTariffs(settings(queues={}, services={"f": service()}), wire.clients)


def price(wire: Wire) -> Tariff | Unknown:
    return tariffs(wire).of(["f"])["f"]


def test_it_is_the_service_s_own_definition_that_is_priced(sized: Wire) -> None:
    sized.on("DescribeServices", told(**ON_FARGATE))
    found = price(sized)
    assert isinstance(found, Tariff)
    assert found.size == TaskSize(0.25, 0.5, Architecture.ARM64)
    hour = 0.25 * 0.03725 + 0.5 * 0.00409
    assert {name: rate * 3600 for name, rate in found.per_second.items()} == {
        "FARGATE": pytest.approx(hour)
    }
    assert found.estimates == ()
    assert sized.bodies("DescribeTaskDefinition") == [{"taskDefinition": f"{DEFINITION}:7"}]


@pytest.mark.parametrize(
    ("weights", "providers"),
    [
        ({"FARGATE_SPOT": 1}, {"FARGATE_SPOT"}),
        ({"FARGATE": 1, "FARGATE_SPOT": 4}, {"FARGATE", "FARGATE_SPOT"}),
        ({"FARGATE": 0, "FARGATE_SPOT": 1}, {"FARGATE_SPOT"}),
    ],
)
def test_only_where_new_tasks_may_run_has_a_price(
    sized: Wire, weights: dict[str, int], providers: set[str]
) -> None:
    sized.on("DescribeServices", told(**strategy(**weights)))
    found = price(sized)
    assert isinstance(found, Tariff)
    assert {*found.per_second} == providers
    assert found.estimates == ("FARGATE_SPOT",)


@pytest.mark.parametrize(
    "where", [{"launchType": "EC2"}, {"launchType": "EXTERNAL"}, strategy(mine=1), {}]
)
def test_off_fargate_there_is_none_and_it_says_why(sized: Wire, where: dict[str, Any]) -> None:
    sized.on("DescribeServices", told(**where))
    found = price(sized)
    assert isinstance(found, Unknown)
    assert "workers" in found.why
    assert "instances are billed whole" in found.why


@pytest.mark.parametrize(
    "answer",
    [Refusal("AccessDeniedException"), Page("{}"), {"services": [], "failures": []}],
)
def test_a_service_that_cannot_be_seen_has_no_price_and_it_says_why(
    sized: Wire, answer: Any
) -> None:
    sized.on("DescribeServices", answer)
    found = price(sized)
    assert isinstance(found, Unknown)
    assert "workers" in found.why


def test_a_definition_that_cannot_be_seen_has_none_either(wire: Wire) -> None:
    wire.on("DescribeServices", told(**ON_FARGATE))
    wire.on("DescribeTaskDefinition", Refusal("AccessDeniedException"))
    found = price(wire)
    assert isinstance(found, Unknown)
    assert "DescribeTaskDefinition" in found.why


def test_what_a_tick_has_seen_is_not_asked_for_again_and_a_deployment_is_noticed(
    sized: Wire,
) -> None:
    sized.on("DescribeScalableTargets", NOBODY)
    newer = {**ON_FARGATE, "taskDefinition": f"{DEFINITION}:8"}
    sized.on("DescribeServices", told(**ON_FARGATE), told(**newer))
    chosen = settings(queues={}, services={"f": service()})
    services, prices = EcsServices(chosen, sized.clients), EcsTariffs(chosen, sized.clients)
    for _ in range(2):
        services.seen(["f"])
        prices.of(["f"])
        prices.of(["f"])
    assert len(sized.bodies("DescribeServices")) == 2
    asked = [body["taskDefinition"] for body in sized.bodies("DescribeTaskDefinition")]
    assert asked == [f"{DEFINITION}:7", f"{DEFINITION}:8"]


def test_of_a_service_deployed_by_others_the_primary_task_set_counts() -> None:
    sets = [
        {"status": "ACTIVE", "taskDefinition": "old", "launchType": "EC2"},
        {"status": "PRIMARY", "taskDefinition": "new", "launchType": "FARGATE"},
    ]
    assert service_tasks({"taskSets": sets}) == ServiceTasks("new", ("FARGATE",))


def test_fleets_of_both_kinds_are_priced_together(sized: Wire) -> None:
    sized.on("DescribeServices", told(**ON_FARGATE))
    both = settings({"thumbs": fleet()}, queues={}, services={"f": service()})
    found = EcsTariffs(both, sized.clients).of(["thumbs", "f"])
    assert all(isinstance(one, Tariff) for one in found.values())
