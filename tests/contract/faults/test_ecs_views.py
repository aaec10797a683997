"""What ECS says and does while its lists lag, new tasks hide, placements fail, Spot goes away."""

from __future__ import annotations

import time
from typing import Any

import pytest
from support.local_aws import Ecs, unique, until

from autoscaler.local import LocalAws

SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
MIXED = [
    {"capacityProvider": "FARGATE", "base": 2},
    {"capacityProvider": "FARGATE_SPOT", "weight": 1},
]
NO_CAPACITY = (
    "Capacity is unavailable at this time. Please try again later or in a different "
    "availability zone"
)
VCPU_QUOTA = (
    "You\N{RIGHT SINGLE QUOTATION MARK}ve reached the limit on the number of vCPUs you can run "
    "concurrently"
)


def reasons(answer: dict[str, Any]) -> list[str]:
    return [failure["reason"] for failure in answer["failures"]]


def test_a_stale_list_misses_a_new_task_for_as_long_as_it_is_stale(ecs: Ecs, faults: Any) -> None:
    faults({"do": "stale_list", "by": "1s"})
    arn = ecs.launch("sleep", "60")
    assert ecs.listed() == []
    assert ecs.describe(arn)["taskArn"] == arn
    time.sleep(1)
    assert ecs.listed() == [arn]


def test_a_stale_list_still_shows_a_task_that_was_stopped_since(ecs: Ecs, faults: Any) -> None:
    arn = ecs.launch("sleep", "60")
    time.sleep(1)
    ecs.stop(arn)
    faults({"do": "stale_list", "by": "1s"})
    assert (ecs.listed(), ecs.listed(desiredStatus="STOPPED")) == ([arn], [])
    time.sleep(1)
    assert (ecs.listed(), ecs.listed(desiredStatus="STOPPED")) == ([], [arn])


def test_a_hidden_new_task_is_on_no_list_and_missing(ecs: Ecs, faults: Any) -> None:
    faults({"do": "hide_new", "younger_than": "1s"})
    arn = ecs.launch("sleep", "60")
    answer = ecs.api.describe_tasks(cluster=ecs.cluster, tasks=[arn])
    assert answer["tasks"] == []
    assert answer["failures"] == [{"arn": arn, "reason": "MISSING"}]
    assert ecs.listed() == []
    time.sleep(1)
    assert ecs.describe(arn)["taskArn"] == arn
    assert ecs.listed() == [arn]


def test_only_so_many_are_placed_and_the_others_are_failures(ecs: Ecs, faults: Any) -> None:
    faults({"do": "short", "most": 2})
    answer = ecs.run(ecs.define("sleep", "60"), count=5)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert len(answer["tasks"]) == 2
    assert reasons(answer) == [NO_CAPACITY] * 3


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("capacity", NO_CAPACITY),
        ("vcpu_quota", VCPU_QUOTA),
        ("RESOURCE:MEMORY", "RESOURCE:MEMORY"),
    ],
)
def test_failures_give_the_reason_that_was_chosen(
    ecs: Ecs, faults: Any, named: str, told: str
) -> None:
    faults({"do": "short", "reason": named})
    answer = ecs.run(ecs.define("sleep", "60"))
    assert (answer["tasks"], reasons(answer)) == ([], [told])


def test_a_spot_outage_leaves_on_demand_alone(ecs: Ecs, faults: Any) -> None:
    faults({"do": "short", "provider": "FARGATE_SPOT"})
    answer = ecs.run(ecs.define("sleep", "60"), count=5, capacityProviderStrategy=MIXED)
    assert [task["capacityProviderName"] for task in answer["tasks"]] == ["FARGATE"] * 2
    assert reasons(answer) == [NO_CAPACITY] * 3


def test_an_outage_ends_when_its_period_does(ecs: Ecs, faults: Any) -> None:
    faults({"do": "short", "provider": "FARGATE_SPOT", "until": "500ms"})
    family = ecs.define("sleep", "60")
    assert ecs.run(family, capacityProviderStrategy=SPOT)["tasks"] == []
    time.sleep(0.5)
    assert len(ecs.run(family, capacityProviderStrategy=SPOT)["tasks"]) == 1


def test_a_failed_placement_is_remembered_under_its_token(ecs: Ecs, faults: Any) -> None:
    family, token = ecs.define("sleep", "60"), unique("token")
    faults({"do": "short", "most": 1})
    first = ecs.run(family, count=2, clientToken=token)
    faults()
    again = ecs.run(family, count=2, clientToken=token)
    assert (again["tasks"], again["failures"]) == (first["tasks"], first["failures"])


def test_spot_takes_back_running_spot_tasks_and_no_others(ecs: Ecs, faults: Any) -> None:
    family = ecs.define("sleep", "60")
    answer = ecs.run(family, count=4, capacityProviderStrategy=MIXED)
    arns = [task["taskArn"] for task in answer["tasks"]]
    for arn in arns:
        ecs.wait(arn, "RUNNING")
    faults({"do": "interrupt", "share_per_minute": 1})
    until(lambda: len(ecs.listed()) == 2)
    stopped = {
        (task["capacityProviderName"], task.get("stopCode")) for task in map(ecs.describe, arns)
    }
    assert stopped == {("FARGATE", None), ("FARGATE_SPOT", "SpotInterruption")}


def test_the_truth_about_tasks_is_told_whatever_ecs_says(
    aws: LocalAws, ecs: Ecs, faults: Any
) -> None:
    faults({"do": "hide_new", "younger_than": "1h"})
    arn = ecs.launch("sleep", "60")
    (task,) = [task for task in aws.tasks() if task["taskArn"] == arn]
    assert task["createdAt"] == pytest.approx(time.time(), abs=30)
