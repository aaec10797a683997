"""UpdateTaskProtection and GetTaskProtection: tasks of services, and no others."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.local_aws import Ecs, until


def up(ecs: Ecs, count: int, *command: str) -> list[str]:
    """A service of so many running tasks."""
    ecs.api.create_service(
        cluster=ecs.cluster,
        serviceName="web",
        taskDefinition=ecs.define(*command or ("sleep", "60")),
        desiredCount=count,
        launchType="FARGATE",
        networkConfiguration=ecs.network,
    )
    until(lambda: service(ecs)["runningCount"] == count, within=ecs.patience)
    return ecs.listed(serviceName="web")


def service(ecs: Ecs) -> dict[str, Any]:
    (found,) = ecs.api.describe_services(cluster=ecs.cluster, services=["web"])["services"]
    told: dict[str, Any] = found
    return told


def protect(ecs: Ecs, *arns: str, on: bool = True, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = ecs.api.update_task_protection(
        cluster=ecs.cluster, tasks=list(arns), protectionEnabled=on, **more
    )
    return answer


def read(ecs: Ecs, *arns: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = ecs.api.get_task_protection(cluster=ecs.cluster, tasks=list(arns))[
        "protectedTasks"
    ]
    return told


def test_a_protected_task_outlives_scale_in_and_goes_when_it_is_released(ecs: Ecs) -> None:
    kept, other = up(ecs, 2)
    protect(ecs, kept)
    ecs.api.update_service(cluster=ecs.cluster, service="web", desiredCount=0)
    ecs.wait(other, "STOPPED")
    time.sleep(0.3)
    assert ecs.describe(kept)["lastStatus"] == "RUNNING"
    protect(ecs, kept, on=False)
    assert ecs.wait(kept, "STOPPED")["stopCode"] == "ServiceSchedulerInitiated"


def test_protection_lasts_two_hours_unless_asked_otherwise(ecs: Ecs) -> None:
    (arn,) = up(ecs, 1)
    assert read(ecs, arn) == [{"taskArn": arn, "protectionEnabled": False}]
    for minutes, more in ((120, {}), (2880, {"expiresInMinutes": 2880})):
        protect(ecs, arn, **more)
        (told,) = read(ecs, arn)
        left = (told["expirationDate"] - datetime.now(UTC)).total_seconds()
        assert told["protectionEnabled"]
        assert minutes * 60 - 60 < left <= minutes * 60


@pytest.mark.parametrize("minutes", [0, 2881])
def test_protection_lasts_from_a_minute_to_two_days(ecs: Ecs, minutes: int) -> None:
    (arn,) = up(ecs, 1)
    with pytest.raises(ecs.api.exceptions.InvalidParameterException):
        protect(ecs, arn, expiresInMinutes=minutes)


def test_only_living_tasks_of_services_can_be_protected(ecs: Ecs) -> None:
    alone, (ours,) = ecs.launch("sleep", "60"), up(ecs, 1)
    answer = protect(ecs, alone, ours, "nothing")
    assert [each["taskArn"] for each in answer["protectedTasks"]] == [ours]
    reasons = {each["arn"]: each["reason"] for each in answer["failures"]}
    assert reasons[alone] == "TASK_NOT_VALID"
    assert sorted(reasons.values()) == ["MISSING", "TASK_NOT_VALID"]
    ecs.api.update_service(cluster=ecs.cluster, service="web", desiredCount=1)


def test_protection_does_not_keep_stop_task_away(ecs: Ecs) -> None:
    (arn,) = up(ecs, 1)
    protect(ecs, arn)
    ecs.stop(arn)
    assert ecs.wait(arn, "STOPPED")["stopCode"] == "UserInitiated"


def test_at_most_ten_tasks_are_protected_at_once(ecs: Ecs) -> None:
    with pytest.raises(ecs.api.exceptions.InvalidParameterException):
        protect(ecs, *[f"task{number}" for number in range(11)])


_SHELTER = """
import json, os, sys, urllib.request
address = os.environ["ECS_AGENT_URI"] + "/task-protection/v1/state"
def say(body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, method="GET" if body is None else "PUT")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)
told = [say({"ProtectionEnabled": True, "ExpiresInMinutes": 5}), say()]
with open(sys.argv[1] + ".new", "w") as note:
    json.dump(told, note)
os.rename(sys.argv[1] + ".new", sys.argv[1])
import time
time.sleep(60)
"""


def test_a_task_protects_itself_through_its_agent(ecs: Ecs, tmp_path: Path) -> None:
    note = tmp_path / "told"
    (arn,) = up(ecs, 1, "python", "-c", _SHELTER, str(note))
    until(note.exists, within=ecs.patience)
    changed, current = json.loads(note.read_text())
    assert changed == current
    assert changed["protection"]["TaskArn"] == arn
    (told,) = read(ecs, arn)
    assert told["protectionEnabled"]
    assert changed["protection"]["ExpirationDate"] == f"{told['expirationDate']:%Y-%m-%dT%H:%M:%SZ}"


def test_the_agent_of_a_task_without_a_service_tells_the_failure(ecs: Ecs, tmp_path: Path) -> None:
    note = tmp_path / "told"
    arn = ecs.launch("python", "-c", _SHELTER, str(note))
    until(note.exists, within=ecs.patience)
    assert (
        json.loads(note.read_text()) == [{"failure": {"Arn": arn, "Reason": "TASK_NOT_VALID"}}] * 2
    )
