"""`autoscaler mode` passes with the operator's policy, and needs all that is in it for modes."""

from __future__ import annotations

import io
import os
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from support.iam.claims import broken, requests_of, sids, strangers, without
from support.iam.evaluator import allowed
from support.iam.gate import Gate
from support.iam.stage import Stage, caller
from support.local_aws import client, until

from autoscaler.aws.clients import Clients
from autoscaler.cli import main
from autoscaler.config import load
from autoscaler.local import LocalAws
from autoscaler.operations.mode import switching
from autoscaler.operations.permissions.facts import Wishes
from autoscaler.operations.permissions.grants import Part, grants
from autoscaler.operations.permissions.looking import look

BROKEN_BY = {
    "SwitchServices": "ecs:UpdateService",
    "RegisterRevisions": "ecs:RegisterTaskDefinition",
    "PassServiceRoles": "ecs:RegisterTaskDefinition",
    "SwitchMappings": "lambda:UpdateEventSourceMapping",
    "LiftProtection": "ecs:GetTaskProtection",
    "StopTasks": "ecs:StopTask",
    "SeeConsumers": "lambda:ListEventSourceMappings",
}
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": []}}


def services(stage: Stage) -> None:
    """A service for each queue, of a task definition with tags."""
    ecs, mark = stage.home.ecs, stage.mark
    container = {"name": "worker", "image": "none", "memory": 128, "command": ["sleep", "60"]}
    ecs.register_task_definition(
        family=f"{mark}-web",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        taskRoleArn=f"arn:aws:iam::123456789012:role/{mark}-task",
        executionRoleArn=f"arn:aws:iam::123456789012:role/{mark}-execution",
        containerDefinitions=[container],
        tags=[{"key": "team", "value": "web"}],
    )
    for name in ("jobs", "more"):
        ecs.create_service(
            cluster=mark,
            serviceName=f"{mark}-{name}-web",
            taskDefinition=f"{mark}-web",
            desiredCount=0,
            launchType="FARGATE",
            networkConfiguration=NETWORK,
        )


def mapping(stage: Stage) -> None:
    """A function on the second queue, switched on."""
    api, name = client(stage.endpoint, "lambda"), f"{stage.mark}-dispatch"
    role = client(stage.endpoint, "iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    with zipfile.ZipFile(content := io.BytesIO(), "w") as file:
        file.writestr("a.py", "def b(event, context): ...")
    api.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role["Role"]["Arn"],
        Handler="a.b",
        Code={"ZipFile": content.getvalue()},
    )
    uuid = api.create_event_source_mapping(
        FunctionName=name,
        EventSourceArn=f"arn:aws:sqs:eu-west-2:123456789012:{stage.mark}-more",
        Enabled=True,
    )["UUID"]
    until(lambda: api.get_event_source_mapping(UUID=uuid)["State"] == "Enabled")


def written(stage: Stage) -> str:
    """Both kinds of modes; the first has a size, so that a revision is registered."""
    told: dict[str, Any] = stage.configuration
    fleet = {**told["fleets"]["here"], "overrides": {}}
    jobs = {
        **told["queues"]["jobs"],
        "modes": {
            "service": f"{stage.mark}-jobs-web",
            "direct": {"desired": 1, "environment": {"POLL": "yes"}},
        },
    }
    more = {
        **told["queues"]["more"],
        "fleet": "other",
        "modes": {
            "service": f"{stage.mark}-more-web",
            "direct": {"desired": 1},
            "function": f"{stage.mark}-dispatch",
        },
    }
    queues = {"jobs": jobs, "more": more}
    return stage.write(fleets={"here": fleet, "other": fleet}, queues=queues)


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switching, "LOOK_EVERY_SECONDS", 0.2)


def test_a_switch_passes_with_nothing_to_spare(
    aws: LocalAws, stage: Stage, gate: Gate, capsys: pytest.CaptureFixture[str]
) -> None:
    services(stage)
    mapping(stage)
    config = written(stage)
    settings = load([Path(config)], {})
    with mock.patch.dict(os.environ, aws.environment), closing(Clients()) as clients:
        given = grants(settings, look(settings, clients), Wishes())
    [policy] = [one.policy for one in given if one.part is Part.OPERATOR]
    gate.policies = {"operator": policy}
    stage.home.ecs.run_task(
        cluster=stage.mark,
        taskDefinition=f"{stage.mark}-worker",
        startedBy=stage.mark,
        group="autoscaler:here",
        launchType="FARGATE",
        networkConfiguration=NETWORK,
    )

    with caller(aws, gate, "operator"):
        for verb in (
            ["show"],
            ["direct", "jobs", "--yes", "--stop-tasks"],
            ["direct", "more", "--yes"],
            ["queued", "more", "--yes"],
        ):
            status = main(["mode", *verb, "--config", config])
            assert status == 0 or verb == ["show"], (verb, capsys.readouterr().err)

    assert gate.refused() == set()
    seen = gate.passed("operator")
    assert sids(policy) >= BROKEN_BY.keys()
    for sid, call in BROKEN_BY.items():
        assert call in broken(seen, without(policy, sid)), sid
    others = {one for each in requests_of(seen) for one in strangers(each, stage.mark)}
    assert [one for one in others if allowed(policy, one)] == []
