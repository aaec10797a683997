"""People at the command line: every verb passes with the operator's policy, and needs all of it."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest
from support.iam.claims import broken, idle, requests_of, sids, strangers, without
from support.iam.evaluator import allowed
from support.iam.gate import Gate
from support.iam.stage import Stage, caller

from autoscaler.aws.clients import Clients
from autoscaler.cli import main
from autoscaler.config import load
from autoscaler.local import LocalAws
from autoscaler.operations.permissions.facts import Wishes
from autoscaler.operations.permissions.grants import Part, grants
from autoscaler.operations.permissions.looking import look

BROKEN_BY = {
    "ReadQueues": "sqs:GetQueueAttributes",
    "ReadDeadLetters": "sqs:GetQueueAttributes",
    "ReadMetrics": "cloudwatch:GetMetricData",
    "ListTasks": "ecs:ListTasks",
    "DescribeTasks": "ecs:DescribeTasks",
    "ReadDefinitions": "ecs:DescribeTaskDefinition",
    "CheckClusters": "ecs:DescribeClusters",
    "KeepMemory": "dynamodb:UpdateItem",
    "CheckTable": "dynamodb:DescribeTable",
    "AssumeFleetRoles": "sts:AssumeRole",
    "FindQueues": "sqs:ListDeadLetterSourceQueues",
    "SeeDeadLetters": "sqs:ReceiveMessage",
    "MoveDeadLetters": "sqs:StartMessageMoveTask",
    "TakeBackDeadLetters": "sqs:StartMessageMoveTask",
    "PurgeDeadLetters": "sqs:PurgeQueue",
    "UseKeys": "sqs:StartMessageMoveTask",
    "SeeServices": "ecs:DescribeServices",
    "SeeNetworks": "ec2:DescribeVpcs",
}


def looks(stage: Stage, config: str) -> list[list[str]]:
    service = stage.home.ecs.create_service(
        cluster=stage.mark,
        serviceName=stage.mark,
        taskDefinition=f"{stage.mark}-worker",
        desiredCount=0,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
    )["service"]["serviceArn"]
    first = ["init", "--queue", stage.url, "--out", str(stage.folder / "first.yaml"), "--force"]
    return [
        ["iam", "--config", config],
        ["config", "check", "--aws", "--config", config],
        ["plan", "--config", config],
        ["pause", "jobs", "--config", config],
        ["resume", "jobs", "--config", config],
        [*first, "--from-task-definition", f"{stage.mark}-worker", "--cluster", stage.mark],
        [*first, "--from-service", service],
    ]


def dead_letters(stage: Stage) -> list[list[str]]:
    jobs, dead = f"{stage.mark}-jobs", f"{stage.mark}-jobs-dead"
    return [
        ["dlq", "show", jobs],
        ["dlq", "peek", dead],
        ["dlq", "redrive", jobs, "--rate", "1", "--no-wait", "--yes"],
        ["dlq", "redrive", jobs, "--cancel"],
        ["dlq", "purge", jobs, "--yes"],
    ]


def test_every_verb_passes_with_nothing_to_spare(
    aws: LocalAws, stage: Stage, gate: Gate, capsys: pytest.CaptureFixture[str]
) -> None:
    config = stage.write()
    settings = load([Path(config)], {})
    with mock.patch.dict(os.environ, aws.environment), closing(Clients()) as clients:
        given = grants(settings, look(settings, clients), Wishes())
    [policy] = [one.policy for one in given if one.part is Part.OPERATOR]
    [role] = [one for one in given if one.part is Part.FLEET_ROLE]
    gate.policies = {"operator": policy, role.role or "": role.policy}
    network = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": []}}
    stage.home.ecs.run_task(
        cluster=stage.mark,
        taskDefinition=f"{stage.mark}-worker",
        startedBy=stage.mark,
        group="autoscaler:here",
        launchType="FARGATE",
        networkConfiguration=network,
    )
    stage.fail(30)  # at one a second, so that the move is still there to be cancelled
    stage.damage("here")

    with caller(aws, gate, "operator"):
        for verb in [*looks(stage, config), *dead_letters(stage)]:
            assert main(verb) == 0, (verb, capsys.readouterr().err)
        assert main(["dlq", "show", f"{stage.mark}-more"]) == 2  # it has no dead letters

    assert gate.refused() == set()
    seen = gate.passed("operator")
    assert sids(policy) == BROKEN_BY.keys()
    for sid, call in BROKEN_BY.items():
        assert call in broken(seen, without(policy, sid)), sid
    assert idle(policy, requests_of(seen)) == []
    others = {one for each in requests_of(seen) for one in strangers(each, stage.mark)}
    assert [one for one in others if allowed(policy, one)] == []
