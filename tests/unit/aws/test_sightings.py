"""ECS's description of a task, in the core's words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from autoscaler.aws.sightings import task
from autoscaler.core.tasks import Provider, Task, TaskState

ARN = "arn:aws:ecs:eu-west-2:111122223333:task/pipeline/0123"


def seen(**fields: Any) -> Task:
    described = {
        "taskArn": ARN,
        "group": "autoscaler:thumbs",
        "startedBy": "house",
        "lastStatus": "RUNNING",
        "desiredStatus": "RUNNING",
        **fields,
    }
    return task(described, "house", {"thumbs": "main"})


def test_a_task_belongs_to_the_fleet_its_group_names() -> None:
    assert (seen().id, seen().fleet) == (ARN, "thumbs")


def test_a_fleet_that_configuration_no_longer_has_still_owns_its_tasks() -> None:
    assert seen(group="autoscaler:gone").fleet == "gone"


@pytest.mark.parametrize(
    "fields",
    [{"group": "family:worker"}, {"group": "service:web"}, {"startedBy": "other"}],
)
def test_a_task_that_others_started_belongs_to_no_fleet(fields: dict[str, str]) -> None:
    assert seen(**fields).fleet is None


def test_a_task_without_group_or_starter_belongs_to_no_fleet() -> None:
    assert task({"taskArn": ARN}, "house", {}).fleet is None


@pytest.mark.parametrize(
    ("fields", "provider"),
    [
        ({"capacityProviderName": "FARGATE_SPOT", "launchType": "FARGATE"}, Provider.FARGATE_SPOT),
        ({"capacityProviderName": "FARGATE"}, Provider.FARGATE),
        ({"launchType": "FARGATE"}, Provider.FARGATE),
        ({"capacityProviderName": "our-machines", "launchType": "EC2"}, Provider.EC2),
        ({"launchType": "EXTERNAL"}, None),
        ({}, None),
    ],
)
def test_the_provider_is_the_capacity_provider_else_the_launch_type(
    fields: dict[str, str], provider: Provider | None
) -> None:
    assert seen(**fields).provider is provider


@pytest.mark.parametrize(
    ("last", "desired", "state"),
    [
        ("PROVISIONING", "RUNNING", TaskState.STARTING),
        ("PENDING", "RUNNING", TaskState.STARTING),
        ("ACTIVATING", "RUNNING", TaskState.STARTING),
        ("RUNNING", "RUNNING", TaskState.RUNNING),
        ("PENDING", "STOPPED", TaskState.STOPPING),
        ("RUNNING", "STOPPED", TaskState.STOPPING),
        ("DEACTIVATING", "STOPPED", TaskState.STOPPING),
        ("STOPPING", "STOPPED", TaskState.STOPPING),
        ("DEPROVISIONING", "STOPPED", TaskState.STOPPING),
        ("DEPROVISIONING", "RUNNING", TaskState.STOPPING),
        ("STOPPED", "STOPPED", TaskState.STOPPED),
        ("DELETED", "STOPPED", TaskState.STOPPED),
        ("A_NEW_ONE", "RUNNING", TaskState.STARTING),
    ],
)
def test_nine_states_and_a_desired_one_become_four(
    last: str, desired: str, state: TaskState
) -> None:
    """One not known here counts as capacity, lest more be launched than the limit allows."""
    assert seen(lastStatus=last, desiredStatus=desired).state is state


def test_the_token_comes_back_from_the_environment_of_the_overrides() -> None:
    variables = [{"name": "A", "value": "b"}, {"name": "AUTOSCALER_LAUNCH", "value": "t0k3n"}]
    overrides = {
        "containerOverrides": [{"name": "log"}, {"name": "main", "environment": variables}]
    }
    assert seen(overrides=overrides).token == "t0k3n"
    assert seen().token is None


def test_times_are_seconds_since_the_epoch() -> None:
    def at(second: int) -> datetime:
        return datetime.fromtimestamp(1_700_000_000 + second, UTC)

    one = seen(createdAt=at(1), pullStartedAt=at(2), startedAt=at(3), stoppedAt=at(4))
    times = (one.created_at, one.pull_started_at, one.started_at, one.stopped_at)
    assert times == (1_700_000_001, 1_700_000_002, 1_700_000_003, 1_700_000_004)
    assert (seen().created_at, seen().stopped_at) == (None, None)


def test_the_exit_code_is_the_working_containers() -> None:
    containers = [{"name": "log", "exitCode": 0}, {"name": "main", "exitCode": 137}]
    one = seen(
        containers=containers, stopCode="SpotInterruption", stoppedReason="Your Spot Task ended."
    )
    assert one.exit_code == 137
    assert (one.stop_code, one.stopped_reason) == ("SpotInterruption", "Your Spot Task ended.")


def test_no_exit_code_is_unknown_not_zero() -> None:
    assert seen(containers=[{"name": "main"}]).exit_code is None
    assert seen(containers=[{"name": "other", "exitCode": 0}]).exit_code is None


def test_a_task_tells_what_its_launch_told_it() -> None:
    told = [
        {"name": "AUTOSCALER_LAUNCH", "value": "token"},
        {"name": "AUTOSCALER_STAY_UNTIL", "value": "1700000040"},
    ]
    found = seen(overrides={"containerOverrides": [{"name": "main", "environment": told}]})
    assert (found.token, found.stay_until) == ("token", 1_700_000_040.0)
    assert (seen().token, seen().stay_until) == (None, None)


@pytest.mark.parametrize("text", ["", "soon", "-5", "1e9"])
def test_a_time_to_stay_that_is_none_is_unknown(text: str) -> None:
    told = [{"name": "AUTOSCALER_STAY_UNTIL", "value": text}]
    assert seen(overrides={"containerOverrides": [{"environment": told}]}).stay_until is None
