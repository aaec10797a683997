"""The doctor with exactly its policy sees all there is of a healthy account."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pytest
from support.doctor.stage import Stage
from support.iam.claims import broken, idle, requests_of, sids, without
from support.iam.gate import gate_before
from support.iam.requests import Truth
from support.iam.stage import caller

from autoscaler.aws.clients import Clients
from autoscaler.config import load
from autoscaler.local import LocalAws
from autoscaler.operations.doctor.checks import CHECKS
from autoscaler.operations.doctor.examination import examine
from autoscaler.operations.doctor.gathering import Request, gather
from autoscaler.operations.permissions.facts import Wishes
from autoscaler.operations.permissions.grants import Part, grants
from autoscaler.operations.permissions.looking import look

ONLY_WHERE_THERE_ARE_SOME = {"ExamineFunctions", "ExamineKeys"}


def occupy(stage: Stage) -> None:
    """Have a task run, and a service beside it."""
    ecs, network = stage.parts.api("ecs"), {"subnets": stage.parts.shared["subnets"]}
    place = {"cluster": "house", "taskDefinition": "healthy"}
    ecs.run_task(
        **place,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {**network, "securityGroups": []}},
    )
    ecs.create_service(**place, serviceName="web", desiredCount=0)


def test_all_is_seen_with_nothing_to_spare(
    aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    with closing(Clients()) as clients:
        stage = Stage.at(aws.endpoint_url, tmp_path, clients)
        settings = load([stage.configure(stage.build(stage.plan(), "healthy"))], {})
        given = grants(settings, look(settings, clients), Wishes())
    occupy(stage)
    [policy] = [one.policy for one in given if one.part is Part.DOCTOR]
    request = Request(settings, time.time, stage.parts.shared["controller"])
    with gate_before(aws.endpoint_url, Truth()) as gate:
        gate.policies = {"doctor": policy}
        with caller(aws, gate, "doctor"), closing(Clients()) as clients:
            verdicts = examine(gather(request, clients), CHECKS)

    assert gate.refused() == set()
    assert [one for one in verdicts if one.unknown] == []
    seen = gate.passed()
    for sid in sids(policy) - ONLY_WHERE_THERE_ARE_SOME:
        assert broken(seen, without(policy, sid)), sid
    assert idle(policy, requests_of(seen), ONLY_WHERE_THERE_ARE_SOME) == []
