"""A fleet that is a service: each of its checks is tripped by its own broken service."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.doctor.plan import Built, Plan
from support.doctor.stage import Stage
from support.local_aws import unique

from autoscaler.config import load
from autoscaler.operations.doctor.checks import EVERY, services
from autoscaler.operations.doctor.examination import Verdict, examine
from autoscaler.operations.doctor.gathering import Request, gather

STAYS = ["autoscaler", "worker", "--forever"]


def stands(stage: Stage, built: Built, **fleet: Any) -> Path:
    """A service of the plan's tasks, and a configuration in which it is the only fleet."""
    stage.parts.service(built, wanted=0)
    written = yaml.safe_load(stage.configure(built).read_text(encoding="utf-8"))
    own = {"run": "service", "cluster": "house", "service": built.name, **fleet}
    written["fleets"] = {built.name: own}
    path = stage.directory / f"{unique('service')}.yaml"
    path.write_text(yaml.safe_dump(written), encoding="utf-8")
    return path


def examined(stage: Stage, path: Path) -> Sequence[Verdict]:
    shared = stage.parts.shared
    request = Request(load([path], {}), time.time, shared["controller"], shared["function"])
    return examine(gather(request, stage.clients), EVERY)


def running(stage: Stage, *command: str) -> Plan:
    plan = stage.plan()
    plan.container["command"] = list(command)
    return plan


def test_a_healthy_service_trips_nothing_and_leaves_nothing_unknown(stage: Stage) -> None:
    built = stage.build(running(stage, *STAYS), unique("sound"))
    verdicts = examined(stage, stands(stage, built, scale_in={"protected": True}))
    assert [one for one in verdicts if one.state != "well"] == []


def missing(stage: Stage) -> Path:
    built = stage.build(running(stage, *STAYS), unique("missing"))
    return stands(stage, built, service="nowhere")


def scaled(stage: Stage) -> Path:
    built = stage.build(running(stage, *STAYS), unique("scaled"))
    path = stands(stage, built)
    stage.parts.api("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId=f"service/house/{built.name}",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=0,
        MaxCapacity=4,
    )
    return path


def left(stage: Stage) -> Path:
    """The service that was suspended for a fleet which is not in the configuration any more."""
    built = stage.build(running(stage, *STAYS), unique("kept"))
    other = stage.build(running(stage, *STAYS), unique("left"))
    for one in (built, other):
        path = stands(stage, one)
        suspend(stage, one)
    return path


def suspend(stage: Stage, built: Built) -> None:
    ways = ("DynamicScalingIn", "DynamicScalingOut", "ScheduledScaling")
    stage.parts.api("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId=f"service/house/{built.name}",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=0,
        MaxCapacity=4,
        SuspendedState={f"{way}Suspended": True for way in ways},
    )


def forget_suspended(stage: Stage) -> None:
    """So that no other test finds them in the same cluster."""
    scaling = stage.parts.api("application-autoscaling")
    for one in scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]:
        if one.get("SuspendedState"):
            scaling.deregister_scalable_target(
                ServiceNamespace="ecs",
                ResourceId=one["ResourceId"],
                ScalableDimension=one["ScalableDimension"],
            )


def leaving(stage: Stage) -> Path:
    return stands(stage, stage.build(running(stage, "autoscaler", "worker"), unique("leaving")))


def unprotected(stage: Stage) -> Path:
    plan = running(stage, *STAYS, "--protect", "no")
    built = stage.build(plan, unique("unprotected"))
    return stands(stage, built, scale_in={"protected": True})


BROKEN: dict[str, Callable[[Stage], Path]] = {
    "service-exists": missing,
    "service-scaled-by-others": scaled,
    "service-left-suspended": left,
    "service-worker-leaves": leaving,
    "service-unprotected": unprotected,
}


@pytest.mark.parametrize("check", BROKEN)
def test_each_check_sees_its_own_broken_service(stage: Stage, check: str) -> None:
    try:
        verdicts = examined(stage, BROKEN[check](stage))
    finally:
        forget_suspended(stage)
    assert [one.check.id for one in verdicts if one.findings] == [check]


def test_every_check_of_services_has_its_broken_one() -> None:
    assert {one.id for one in services.CHECKS} == {*BROKEN}
