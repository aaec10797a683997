"""Services on a clock of the test's own: no waiting, no processes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from support.ecs_lab import DELAYS, Lab

from autoscaler.local.ecs.errors import EcsError

NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}


class Shop(Lab):
    """A lab with one service."""

    def open(self, desired: int, **more: Any) -> dict[str, Any]:
        asked = {"launchType": "FARGATE"} if "capacityProviderStrategy" not in more else {}
        asked |= {"serviceName": "web", "taskDefinition": "job", "networkConfiguration": NETWORK}
        asked |= {"desiredCount": desired, **more}
        return dict(self.ask("CreateService", **asked)["service"])

    def opened(self, desired: int, **more: Any) -> list[str]:
        """Open it and let all its tasks run."""
        self.open(desired, **more)
        self.settle()
        return self.arns()

    def settle(self) -> None:
        """Let what was launched run, and what was stopped end."""
        for seconds in (0.0, DELAYS.provisioning, DELAYS.pull, DELAYS.deprovisioning, 0.0):
            self.after(seconds)

    def update(self, **more: Any) -> dict[str, Any]:
        return dict(self.ask("UpdateService", service="web", **more)["service"])

    def service(self) -> dict[str, Any]:
        (service,) = self.ask("DescribeServices", services=["web"])["services"]
        return dict(service)

    def arns(self, **filters: Any) -> list[str]:
        return list(self.ask("ListTasks", serviceName="web", **filters)["taskArns"])

    def counts(self) -> tuple[int, int, int]:
        told = self.service()
        return told["desiredCount"], told["runningCount"], told["pendingCount"]

    def protect(self, *arns: str, minutes: int = 120) -> dict[str, Any]:
        return self.ask(
            "UpdateTaskProtection",
            tasks=list(arns),
            protectionEnabled=True,
            expiresInMinutes=minutes,
        )

    def events(self) -> list[str]:
        return [event["message"] for event in self.service()["events"]]

    def end(self, arn: str, code: int) -> None:
        """Let the process of a running task end by itself."""
        place = [task["taskArn"] for task in self.started()].index(arn)
        self.scripts.started[place].exit_code = code

    def started(self) -> list[dict[str, Any]]:
        tasks = [task for task in self.tasks.everything() if "startedAt" in task]
        return sorted(tasks, key=lambda task: task["startedAt"])


def test_a_service_comes_up_and_says_so_once() -> None:
    shop = Shop()
    assert shop.open(2)["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    shop.after(0)
    assert shop.counts() == (2, 0, 2)
    shop.settle()
    shop.after(100)
    assert shop.counts() == (2, 2, 0)
    assert shop.service()["deployments"][0]["rolloutState"] == "COMPLETED"
    steady = [line for line in shop.events() if line.endswith("has reached a steady state.")]
    assert len(steady) == 1


def test_its_tasks_name_their_deployment_and_their_service() -> None:
    shop = Shop()
    (arn,) = shop.opened(1)
    task, (deployment,) = shop.task(arn), shop.service()["deployments"]
    assert (task["startedBy"], task["group"]) == (deployment["id"], "service:web")
    assert shop.ask("ListTasks", startedBy=deployment["id"])["taskArns"] == [arn]


def test_scaling_out_and_in_is_no_deployment() -> None:
    shop = Shop()
    shop.opened(1)
    (before,) = shop.service()["deployments"]
    shop.update(desiredCount=3)
    shop.settle()
    assert shop.counts() == (3, 3, 0)
    shop.update(desiredCount=1)
    shop.settle()
    assert shop.counts() == (1, 1, 0)
    (after,) = shop.service()["deployments"]
    assert (after["id"], after["rolloutState"]) == (before["id"], "COMPLETED")


def test_a_task_that_exits_is_replaced_at_once() -> None:
    shop = Shop()
    (first,) = shop.opened(1)
    shop.end(first, 0)
    shop.after(1)
    (second,) = shop.arns()
    assert second != first
    assert shop.task(first)["stopCode"] == "EssentialContainerExited"
    shop.settle()
    assert shop.counts() == (1, 1, 0)


def test_scale_in_takes_from_the_fullest_zone_and_does_not_look_who_is_busy() -> None:
    shop = Shop()
    arns = shop.opened(4)  # zones b c a b: the first and the fourth share one
    shop.update(desiredCount=2)
    shop.after(0)
    assert set(arns) - set(shop.arns()) == {arns[0], arns[1]}  # then all zones are equally full
    stopped = shop.task(arns[0])
    assert stopped["stopCode"] == "ServiceSchedulerInitiated"
    deployment = shop.service()["deployments"][0]["id"]
    assert stopped["stoppedReason"] == f"Scaling activity initiated by (deployment {deployment})"


def test_scale_in_takes_first_what_does_not_run_yet() -> None:
    shop = Shop()
    arns = shop.opened(2)
    shop.update(desiredCount=4)
    shop.after(0)
    shop.update(desiredCount=2)
    shop.after(0)
    assert shop.arns() == arns


def test_scale_in_leaves_protected_tasks_until_their_protection_ends() -> None:
    shop = Shop()
    arns = shop.opened(3)
    shop.protect(*arns[:2], minutes=1)
    shop.update(desiredCount=0)
    shop.after(30)
    assert shop.arns() == arns[:2]
    assert any("2 tasks under protection" in line for line in shop.events())
    shop.after(29.9)
    assert shop.arns() == arns[:2]
    shop.after(0.1)
    assert shop.arns() == []


def test_a_deployment_brings_the_new_tasks_up_before_it_stops_the_old() -> None:
    shop = Shop()
    old = shop.opened(2)
    shop.update(forceNewDeployment=True)
    shop.after(0)
    primary, active = shop.service()["deployments"]
    assert (primary["status"], active["status"]) == ("PRIMARY", "ACTIVE")
    assert (primary["rolloutState"], primary["pendingCount"]) == ("IN_PROGRESS", 2)
    assert set(old) < set(shop.arns())
    shop.after(DELAYS.provisioning)
    assert [shop.task(arn)["desiredStatus"] for arn in old] == ["RUNNING"] * 2
    shop.settle()
    assert not set(old) & set(shop.arns())
    (only,) = shop.service()["deployments"]
    assert (only["id"], only["rolloutState"]) == (primary["id"], "COMPLETED")
    assert shop.counts() == (2, 2, 0)


def test_a_deployment_that_may_miss_tasks_stops_old_ones_first() -> None:
    shop = Shop()
    half = {"minimumHealthyPercent": 50, "maximumPercent": 100}
    old = shop.opened(4, deploymentConfiguration=half)
    shop.update(forceNewDeployment=True)
    shop.after(0)
    shop.after(0)
    assert len(set(old) & set(shop.arns())) == 2
    assert shop.counts() == (4, 2, 2)
    shop.settle()
    shop.settle()
    assert not set(old) & set(shop.arns())
    assert shop.counts() == (4, 4, 0)


def test_protected_tasks_hold_a_deployment_up_and_cannot_be_protected_again() -> None:
    shop = Shop()
    old = shop.opened(2)
    shop.protect(*old, minutes=60)
    shop.update(forceNewDeployment=True)
    shop.after(0)
    assert shop.protect(*old, minutes=60)["failures"] == []
    shop.settle()
    shop.settle()
    assert shop.service()["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    assert set(old) < set(shop.arns())
    answer = shop.protect(old[0])
    assert [each["reason"] for each in answer["failures"]] == ["DEPLOYMENT_BLOCKED"]
    shop.after(3600)
    shop.settle()
    assert not set(old) & set(shop.arns())
    assert shop.service()["deployments"][0]["rolloutState"] == "COMPLETED"


def test_a_deployment_during_a_deployment_leaves_the_newest() -> None:
    shop = Shop()
    first = shop.opened(2)
    shop.update(forceNewDeployment=True)
    shop.after(0)
    second = set(shop.arns()) - set(first)
    shop.update(forceNewDeployment=True)
    shop.after(0)
    assert not second & set(shop.arns())  # nobody waits for what was only starting
    assert set(first) <= set(shop.arns())
    shop.settle()
    shop.settle()
    assert not (set(first) | second) & set(shop.arns())
    assert shop.counts() == (2, 2, 0)
    assert len(shop.service()["deployments"]) == 1


def test_tasks_that_cannot_start_are_tried_again_more_and_more_slowly() -> None:
    shop = Shop({"name": "main", "image": "i", "command": ["missing"]})
    shop.open(1)
    for _ in range(3500):
        shop.after(1)
    born = [task["createdAt"] for task in shop.tasks.everything()]
    gaps = [later - earlier for earlier, later in pairwise(born)]
    assert gaps == sorted(gaps)
    assert gaps[0] < 40
    assert 900 <= gaps[-1] <= 940
    assert shop.service()["deployments"][0]["failedTasks"] in (len(born) - 1, len(born))
    assert any("unable to consistently start tasks" in line for line in shop.events())


def test_a_service_waits_for_capacity() -> None:
    shop = Shop()
    shop.tasks.set_capacity({"FARGATE": 1})
    shop.open(2)
    shop.after(0)
    assert len(shop.arns()) == 1
    assert any("unable to place a task" in line for line in shop.events())
    shop.tasks.set_capacity({"FARGATE": None})
    for _ in range(10):
        shop.after(1)
    assert len(shop.arns()) == 2


def test_once_a_task_runs_failures_are_no_longer_counted() -> None:
    shop = Shop()
    shop.tasks.set_capacity({"FARGATE": 1})
    shop.open(2)
    shop.after(0)
    assert shop.service()["deployments"][0]["failedTasks"] == 1
    shop.settle()
    for _ in range(10):
        shop.after(1)
        assert shop.service()["deployments"][0]["failedTasks"] == 0


def test_base_and_weights_hold_for_the_service_as_a_whole() -> None:
    shop = Shop()
    shares = [
        {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
        {"capacityProvider": "FARGATE_SPOT", "weight": 3},
    ]
    shop.opened(2, capacityProviderStrategy=shares)
    for desired in (3, 5, 9):
        shop.update(desiredCount=desired)
        shop.settle()
    pools = [shop.task(arn)["capacityProviderName"] for arn in shop.arns()]
    assert (pools.count("FARGATE"), pools.count("FARGATE_SPOT")) == (3, 6)


def test_a_deleted_service_drains_then_stays_to_be_seen_for_an_hour() -> None:
    shop = Shop()
    (arn,) = shop.opened(1)
    shop.protect(arn)
    assert shop.ask("DeleteService", service="web", force=True)["service"]["status"] == "DRAINING"
    assert shop.ask("ListServices")["serviceArns"] == []
    shop.after(0)
    shop.after(0)
    assert (shop.service()["status"], shop.service()["deployments"]) == ("INACTIVE", [])
    assert "has stopped 1 running tasks" in shop.events()[0]
    shop.after(3590)
    assert shop.service()["status"] == "INACTIVE"
    shop.after(20)
    assert shop.ask("DescribeServices", services=["web"])["services"] == []


def test_a_new_service_may_take_a_deleted_ones_name_once_it_is_drained() -> None:
    shop = Shop()
    shop.opened(1)
    shop.ask("DeleteService", service="web", force=True)
    with pytest.raises(EcsError, match="still Draining"):
        shop.open(1)
    shop.after(0)
    shop.after(0)
    assert shop.open(1)["status"] == "ACTIVE"


def test_a_settled_service_needs_no_looking_after() -> None:
    shop = Shop()
    shop.opened(0)
    assert not shop.tasks.advance()
    shop.tasks.set_capacity({"FARGATE": 0})
    shop.open(1, serviceName="other")
    assert shop.tasks.advance()


BROKEN = {"name": "main", "image": "i", "command": ["missing"]}


def failing(shop: Shop, *, rollback: bool) -> list[str]:
    """Deploy what cannot start over two running tasks; return those."""
    breaker = {"enable": True, "rollback": rollback}
    old = shop.opened(2, deploymentConfiguration={"deploymentCircuitBreaker": breaker})
    shop.books.others["job:2"] = (BROKEN,)
    shop.update(taskDefinition="job:2")
    for _ in range(300):
        shop.after(1)
    return old


def test_the_circuit_breaker_gives_up_a_deployment_whose_tasks_do_not_start() -> None:
    shop = Shop()
    old = failing(shop, rollback=False)
    primary, _ = shop.service()["deployments"]
    assert (primary["rolloutState"], primary["failedTasks"]) == ("FAILED", 4)
    assert shop.arns() == old
    shop.after(3600)
    assert shop.arns() == old
    shop.update(desiredCount=0)
    shop.settle()
    assert shop.service()["deployments"][0]["rolloutState"] == "FAILED"
    assert not any(primary["id"] in line and "completed" in line for line in shop.events())


def test_the_circuit_breaker_goes_back_to_what_worked() -> None:
    shop = Shop()
    old = failing(shop, rollback=True)
    (primary,) = shop.service()["deployments"]
    assert (primary["rolloutState"], primary["runningCount"]) == ("COMPLETED", 2)
    assert shop.service()["taskDefinition"].endswith("job:1")
    assert shop.arns() == old
    assert any("rolling back to deployment" in line for line in shop.events())


def test_without_a_circuit_breaker_a_broken_deployment_goes_on_trying() -> None:
    shop = Shop()
    shop.opened(1)
    shop.books.others["job:2"] = (BROKEN,)
    shop.update(taskDefinition="job:2")
    for _ in range(400):
        shop.after(1)
    primary, _ = shop.service()["deployments"]
    assert (primary["rolloutState"], primary["failedTasks"] > 4) == ("IN_PROGRESS", True)
