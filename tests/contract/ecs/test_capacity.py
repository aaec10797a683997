"""Missing capacity shows in failures[] under HTTP 200; Spot capacity can be taken back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from support.local_aws import Ecs, until

SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
NO_CAPACITY = (
    "Capacity is unavailable at this time. Please try again later or in a different "
    "availability zone"
)


@pytest.fixture
def capacity(ecs: Ecs) -> Iterator[Any]:
    """Sets capacity, once no task of another test takes any."""
    ecs.order("interrupt", {"provider": "FARGATE_SPOT"})
    until(lambda: "FARGATE_SPOT" not in ecs.order("capacity", {})["held"])
    yield lambda **limits: ecs.order("capacity", limits)
    ecs.order("capacity", {"FARGATE": None, "FARGATE_SPOT": None})


def test_no_capacity_is_an_answer_with_failures_and_no_task(ecs: Ecs, capacity: Any) -> None:
    capacity(FARGATE_SPOT=0)
    answer = ecs.run(ecs.define("true"), count=2, capacityProviderStrategy=SPOT)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert answer["tasks"] == []
    assert [failure["reason"] for failure in answer["failures"]] == [NO_CAPACITY] * 2


def test_some_capacity_launches_some(ecs: Ecs, capacity: Any) -> None:
    capacity(FARGATE_SPOT=1)
    answer = ecs.run(ecs.define("sleep", "60"), count=3, capacityProviderStrategy=SPOT)
    assert (len(answer["tasks"]), len(answer["failures"])) == (1, 2)


def test_a_stopped_task_makes_room(ecs: Ecs, capacity: Any) -> None:
    capacity(FARGATE_SPOT=1)
    family = ecs.define("sleep", "60")
    (first,) = ecs.run(family, capacityProviderStrategy=SPOT)["tasks"]
    ecs.stop(first["taskArn"])
    ecs.wait(first["taskArn"], "STOPPED")
    assert len(ecs.run(family, capacityProviderStrategy=SPOT)["tasks"]) == 1


def test_a_spot_shortage_leaves_on_demand_alone(ecs: Ecs, capacity: Any) -> None:
    capacity(FARGATE_SPOT=0)
    assert len(ecs.run(ecs.define("sleep", "60"))["tasks"]) == 1


def test_an_interruption_is_a_sigterm_with_its_own_stop_code(ecs: Ecs) -> None:
    arn = ecs.launch("sh", "-c", "sleep 60 & wait", capacityProviderStrategy=SPOT)
    ecs.wait(arn, "RUNNING")
    assert ecs.order("interrupt", {"tasks": [arn]}) == {"tasks": [arn]}
    task = ecs.wait(arn, "STOPPED")
    assert task["stopCode"] == "SpotInterruption"
    assert task["stoppedReason"] == "Your Spot Task was interrupted."
    assert task["containers"][0]["exitCode"] == 143


def test_interruptions_take_only_the_provider_asked_for(ecs: Ecs) -> None:
    family = ecs.define("sleep", "60")
    (on_demand,) = ecs.run(family)["tasks"]
    ecs.run(family, count=3, capacityProviderStrategy=SPOT)
    order = {"provider": "FARGATE_SPOT", "count": 2}
    interrupted = ecs.order("interrupt", order)["tasks"]
    assert len(interrupted) == 2
    assert on_demand["taskArn"] not in interrupted


def test_an_interrupted_task_that_will_not_end_is_killed_after_its_stop_timeout(ecs: Ecs) -> None:
    stubborn = "trap '' TERM; echo deaf; while :; do sleep 0.1; done"
    family = ecs.define("sh", "-c", stubborn, stopTimeout=2)
    (task,) = ecs.run(family, capacityProviderStrategy=SPOT)["tasks"]
    ecs.wait(task["taskArn"], "RUNNING")
    time.sleep(0.3)  # for the shell to set its trap
    ecs.order("interrupt", {"tasks": [task["taskArn"]]})
    stopped = ecs.wait(task["taskArn"], "STOPPED")
    assert stopped["containers"][0]["exitCode"] == 137
    assert (stopped["executionStoppedAt"] - stopped["stoppingAt"]).total_seconds() >= 2
