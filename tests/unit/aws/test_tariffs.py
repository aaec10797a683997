"""What a task costs: its definition looked at once a revision, and priced by the table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from support.aws_settings import fleet, settings
from support.wire import Page, Refusal, Wire

from autoscaler.aws.tariffs import EcsTariffs
from autoscaler.aws.tasks import EcsTasks
from autoscaler.core.cost import Architecture, Price, RegionPrices, Tariff, TaskSize
from autoscaler.core.model import Unknown
from autoscaler.core.settings import Overrides

PREFIX = "arn:aws:ecs:eu-west-2:1:task-definition/worker"


def definition(revision: int = 7, **more: Any) -> dict[str, Any]:
    told = {"family": "worker", "cpu": "256", "memory": "512", **more}
    return {"taskDefinition": {"taskDefinitionArn": f"{PREFIX}:{revision}", **told}}


def tariff_of(wire: Wire, **options: Any) -> Tariff | Unknown:
    return EcsTariffs(settings({"thumbs": fleet(**options)}), wire.clients).of(["thumbs"])["thumbs"]


def size(wire: Wire, **options: Any) -> TaskSize:
    found = tariff_of(wire, **options)
    assert isinstance(found, Tariff)
    return found.size


def why(wire: Wire) -> str:
    found = tariff_of(wire)
    assert isinstance(found, Unknown)
    return found.why


def test_size_and_region_make_the_price(wire: Wire) -> None:
    """A quarter of a vCPU and half a GB in London."""
    wire.on("DescribeTaskDefinition", definition())
    found = tariff_of(wire)
    assert isinstance(found, Tariff)
    assert found.size == TaskSize(0.25, 0.5)
    hour = 0.25 * 0.04656 + 0.5 * 0.00511
    assert found.per_second["FARGATE"] * 3600 == pytest.approx(hour)
    assert wire.bodies("DescribeTaskDefinition") == [{"taskDefinition": "worker"}]


def test_the_fleets_own_region_and_prices_come_first(wire: Wire) -> None:
    wire.on("DescribeTaskDefinition", definition())
    chosen = replace(
        settings({"thumbs": fleet(region="mars-north-1")}),
        prices={"mars-north-1": RegionPrices(x86_64=Price(4.0, 2.0))},
    )
    found = EcsTariffs(chosen, wire.clients).of(["thumbs"])["thumbs"]
    assert isinstance(found, Tariff)
    assert found.per_second["FARGATE"] * 3600 == pytest.approx(2.0)


def test_a_fleets_overrides_go_before_the_definition(wire: Wire) -> None:
    wire.on("DescribeTaskDefinition", definition())
    assert size(wire, overrides=Overrides(cpu=1024, memory=2048)) == TaskSize(1, 2)
    assert size(wire, overrides=Overrides(cpu=512)) == TaskSize(0.5, 0.5)


def test_processor_and_storage(wire: Wire) -> None:
    more = {
        "runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
        "ephemeralStorage": {"sizeInGiB": 50},
    }
    wire.on("DescribeTaskDefinition", definition(**more))
    assert size(wire) == TaskSize(0.25, 0.5, Architecture.ARM64, 50.0)


@pytest.mark.parametrize("missing", [{"cpu": "1 vCPU"}, {"memory": ""}])
def test_a_size_that_is_not_told_is_unknown(wire: Wire, missing: dict[str, str]) -> None:
    wire.on("DescribeTaskDefinition", definition(**missing))
    assert why(wire) == "the task definition worker has no cpu and memory; give the task's own"


def test_windows_has_no_price(wire: Wire) -> None:
    platform = {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}
    wire.on("DescribeTaskDefinition", definition(runtimePlatform=platform))
    assert why(wire) == "the task definition worker is for Windows, which has no price here"


def test_a_refusal_says_what_to_allow(wire: Wire) -> None:
    wire.on("DescribeTaskDefinition", Refusal("AccessDeniedException", "Not you."))
    assert why(wire).startswith(
        "cannot look at the task definition worker: access to DescribeTaskDefinition is denied"
    )


def test_an_answer_of_something_else_is_unknown(wire: Wire) -> None:
    wire.on("DescribeTaskDefinition", Page("{}"))
    assert "DescribeTaskDefinition" in why(wire)


class TestOnce:
    def seen(self, wire: Wire, *tasks: dict[str, Any]) -> None:
        ours = {"taskArn": "t1", "startedBy": "house", "group": "autoscaler:thumbs"}
        wire.on("DescribeTasks", {"tasks": [{**ours, **task} for task in tasks], "failures": []})
        EcsTasks(settings(), wire.clients).described({"thumbs": frozenset({"t1"})})

    def asked(self, wire: Wire, tariffs: EcsTariffs) -> list[str]:
        tariffs.of(["thumbs"])
        return [body["taskDefinition"] for body in wire.bodies("DescribeTaskDefinition")]

    def test_a_definition_is_looked_at_once(self, wire: Wire) -> None:
        wire.on("DescribeTaskDefinition", definition())
        tariffs = EcsTariffs(settings(), wire.clients)
        self.asked(wire, tariffs)
        assert self.asked(wire, tariffs) == ["worker"]

    def test_what_failed_is_looked_at_again(self, wire: Wire) -> None:
        wire.on("DescribeTaskDefinition", Refusal("AccessDeniedException"), definition())
        tariffs = EcsTariffs(settings(), wire.clients)
        self.asked(wire, tariffs)
        assert self.asked(wire, tariffs) == ["worker", "worker"]

    def test_a_new_revision_that_tasks_run_is_looked_at(self, wire: Wire) -> None:
        wire.on("DescribeTaskDefinition", definition(7), definition(8, cpu="512"))
        tariffs = EcsTariffs(settings(), wire.clients)
        self.asked(wire, tariffs)
        self.seen(wire, {"taskDefinitionArn": f"{PREFIX}:7"})
        assert self.asked(wire, tariffs) == ["worker"]
        self.seen(wire, {"taskDefinitionArn": f"{PREFIX}:8"}, {"taskDefinitionArn": f"{PREFIX}:7"})
        assert self.asked(wire, tariffs) == ["worker", f"{PREFIX}:8"]
        assert tariffs.of(["thumbs"])["thumbs"].size.vcpus == 0.5

    def test_others_tasks_tell_nothing(self, wire: Wire) -> None:
        wire.on("DescribeTaskDefinition", definition())
        self.seen(wire, {"taskDefinitionArn": f"{PREFIX}:9", "startedBy": "neighbours"})
        self.seen(wire, {"taskDefinitionArn": f"{PREFIX}:9", "group": "family:worker"})
        assert self.asked(wire, EcsTariffs(settings(), wire.clients)) == ["worker"]

    def test_a_pinned_revision_is_what_is_launched_whatever_still_runs(self, wire: Wire) -> None:
        wire.on("DescribeTaskDefinition", definition(3))
        self.seen(wire, {"taskDefinitionArn": f"{PREFIX}:9"})
        pinned = settings({"thumbs": fleet(task_definition="worker:3")})
        assert self.asked(wire, EcsTariffs(pinned, wire.clients)) == ["worker:3"]
