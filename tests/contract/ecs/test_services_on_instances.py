"""Services on container instances: placed where there is room, moved away from what drains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.groups import Workers
from support.local_aws import Ecs, until

SLEEP = ("sleep", "60")
WEB = {"service": "web"}


@pytest.fixture
def workers(ecs: Ecs) -> Iterator[Workers]:
    """One m5.large in a cluster of its own: three tasks of 2 GiB fit."""
    made = Workers.of(Ecs.at(ecs.endpoint_url))
    yield made
    made.ecs.api.delete_service(cluster=made.ecs.cluster, **WEB, force=True)


def opened(workers: Workers, desired: int) -> list[str]:
    """A service of so many tasks, all running."""
    workers.ecs.api.create_service(
        cluster=workers.ecs.cluster,
        serviceName="web",
        taskDefinition=workers.define(*SLEEP),
        desiredCount=desired,
        launchType="EC2",
    )
    until(lambda: seen(workers)["runningCount"] == desired, within=workers.ecs.patience)
    return workers.ecs.listed(serviceName="web")


def seen(workers: Workers) -> dict[str, Any]:
    (service,) = workers.ecs.api.describe_services(cluster=workers.ecs.cluster, services=["web"])[
        "services"
    ]
    told: dict[str, Any] = service
    return told


def homes(workers: Workers, arns: list[str]) -> set[str]:
    return {workers.ecs.describe(arn)["containerInstanceArn"] for arn in arns}


def test_what_has_no_room_waits_until_an_instance_comes(workers: Workers) -> None:
    opened(workers, 3)
    workers.ecs.api.update_service(cluster=workers.ecs.cluster, **WEB, desiredCount=4)
    until(lambda: "RESOURCE:MEMORY" in seen(workers)["events"][0]["message"])
    assert seen(workers)["runningCount"] == 3
    workers.desire(2)
    until(lambda: seen(workers)["runningCount"] == 4, within=workers.ecs.patience)


def test_its_tasks_move_away_from_an_instance_that_drains(workers: Workers) -> None:
    before = opened(workers, 2)
    (old,) = homes(workers, before)
    workers.desire(2)
    workers.change(old, "DRAINING")
    for arn in before:
        assert workers.ecs.wait(arn, "STOPPED")["stopCode"] == "ServiceSchedulerInitiated"
    until(lambda: seen(workers)["runningCount"] == 2, within=workers.ecs.patience)
    assert old not in homes(workers, workers.ecs.listed(serviceName="web"))


def test_they_stay_as_long_as_there_is_nowhere_else(workers: Workers) -> None:
    before = opened(workers, 2)
    (old,) = homes(workers, before)
    workers.change(old, "DRAINING")
    until(lambda: "unable to place" in seen(workers)["events"][0]["message"])
    assert workers.ecs.listed(serviceName="web") == before
    assert seen(workers)["runningCount"] == 2


def test_a_protected_task_stays_on_an_instance_that_drains(workers: Workers) -> None:
    kept, other = opened(workers, 2)
    (old,) = homes(workers, [kept])
    workers.ecs.api.update_task_protection(
        cluster=workers.ecs.cluster, tasks=[kept], protectionEnabled=True
    )
    workers.desire(2)
    workers.change(old, "DRAINING")
    workers.ecs.wait(other, "STOPPED")
    assert workers.ecs.describe(kept)["lastStatus"] == "RUNNING"
    workers.ecs.api.update_task_protection(
        cluster=workers.ecs.cluster, tasks=[kept], protectionEnabled=False
    )
    workers.ecs.wait(kept, "STOPPED")
