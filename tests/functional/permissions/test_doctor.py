"""The doctor with its own policy sees all of a healthy account, and finds ours sufficient."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
from support.doctor.stage import Stage
from support.iam.claims import broken, idle, requests_of, sids, without
from support.iam.evaluator import Request as Authorization
from support.iam.evaluator import allowed
from support.iam.gate import gate_before
from support.iam.requests import Call
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

NOBODY_ASKS = cast("Any", object())
"""What the doctor calls is authorized by what the call itself says."""

ONLY_WHERE_THERE_ARE_SOME = {
    "ExamineFunctions",
    "ExamineKeys",
    "ExamineSchedules",
    "FindSchedules",
}


def occupy(stage: Stage) -> None:
    """Have a task run, and a service beside it."""
    ecs, network = stage.parts.api("ecs"), {"subnets": stage.parts.shared["subnets"]}
    place = {
        "cluster": "house",
        "taskDefinition": "healthy",
        "launchType": "FARGATE",
        "networkConfiguration": {"awsvpcConfiguration": {**network, "securityGroups": []}},
    }
    ecs.run_task(**place)
    ecs.create_service(**place, serviceName="web", desiredCount=0)


def simulations(call: Call, role: str) -> Iterator[Authorization]:
    """What the doctor asks IAM of a role: would it be allowed, in this context?"""
    told = call.parameters
    if not str(told.get("PolicySourceArn", "")).endswith(role):
        return
    entries = [key for key in told if key.endswith(".ContextKeyName")]
    values = "ContextKeyValues.member.1"
    context = {told[key]: (told[key.replace("ContextKeyName", values)],) for key in entries}
    for action in listed(told, "ActionNames"):
        for resource in listed(told, "ResourceArns"):
            yield Authorization(action, resource, context)


def listed(told: Mapping[str, str], name: str) -> list[str]:
    return [value for key, value in told.items() if key.startswith(f"{name}.member.")]


def test_all_is_seen_with_nothing_to_spare_and_our_policies_are_found_sufficient(
    aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    with closing(Clients()) as clients:
        stage = Stage.at(aws.endpoint_url, tmp_path, clients)
        settings = load([stage.configure(stage.build(stage.plan(), "healthy"))], {})
        given = grants(settings, look(settings, clients), Wishes())
    occupy(stage)
    policies = {one.part: one.policy for one in given}
    policy = policies[Part.DOCTOR]
    request = Request(settings, time.time, stage.parts.shared["controller"])
    with gate_before(aws.endpoint_url, NOBODY_ASKS) as gate:
        gate.policies = {"doctor": policy}
        with caller(aws, gate, "doctor"), closing(Clients()) as clients:
            verdicts = examine(gather(request, clients), CHECKS)

    assert gate.refused() == set()
    assert [one for one in verdicts if one.unknown] == []
    seen = gate.passed()
    for sid in sids(policy) - ONLY_WHERE_THERE_ARE_SOME:
        assert broken(seen, without(policy, sid)), sid
    assert idle(policy, requests_of(seen), ONLY_WHERE_THERE_ARE_SOME) == []
    by_role = {"controller": policies[Part.CONTROLLER], "task": policies[Part.TASK]}
    for role, simulated in by_role.items():
        asked = [one for call in seen for one in simulations(call.call, f":role/{role}")]
        assert len(asked) > 2
        assert [one for one in asked if not allowed(simulated, one)] == []
