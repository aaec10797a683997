"""Services over HTTP: what is asked for is kept up by real processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.local_aws import Ecs, client, exists, until


def opened(ecs: Ecs, family: str, desired: int = 1, **more: Any) -> dict[str, Any]:
    """A new service; it is deleted with its tasks when the test's cluster is left."""
    where = {} if "capacityProviderStrategy" in more else {"launchType": "FARGATE"}
    asked = {"cluster": ecs.cluster, "serviceName": "web", "taskDefinition": family, **where}
    asked |= {"networkConfiguration": ecs.network, "desiredCount": desired, **more}
    service: dict[str, Any] = ecs.api.create_service(**asked)["service"]
    return service


def update(ecs: Ecs, **more: Any) -> dict[str, Any]:
    service: dict[str, Any] = ecs.api.update_service(cluster=ecs.cluster, service="web", **more)[
        "service"
    ]
    return service


def seen(ecs: Ecs, **more: Any) -> dict[str, Any]:
    (service,) = ecs.api.describe_services(cluster=ecs.cluster, services=["web"], **more)[
        "services"
    ]
    found: dict[str, Any] = service
    return found


def steady(ecs: Ecs, running: int) -> list[str]:
    """Wait until so many tasks run, of one deployment, and return their ARNs."""

    def reached() -> bool:
        service = seen(ecs)
        (first, *others) = service["deployments"]
        done = first["rolloutState"] == "COMPLETED" and not others
        return done and (service["runningCount"], service["pendingCount"]) == (running, 0)

    until(reached, within=ecs.patience)
    return ecs.listed(serviceName="web")


def noting(ecs: Ecs, folder: Path, what: str = "") -> str:
    """A task definition whose tasks write their process id into a folder, and stay."""
    script = f"{what} echo $$ > {folder}/$$.new; mv {folder}/$$.new {folder}/$$; "
    return ecs.define("sh", "-c", script + "while :; do sleep 0.05; done")


def pids(folder: Path) -> list[int]:
    return [int(note.name) for note in folder.iterdir() if not note.suffix]


def alive(folder: Path) -> int:
    return sum(exists(pid) for pid in pids(folder))


def test_the_desired_count_is_kept_up_by_processes_both_ways(ecs: Ecs, tmp_path: Path) -> None:
    created = opened(ecs, noting(ecs, tmp_path), 2)
    assert (created["status"], created["desiredCount"], created["runningCount"]) == ("ACTIVE", 2, 0)
    steady(ecs, 2)
    until(lambda: alive(tmp_path) == 2, within=ecs.patience)
    assert update(ecs, desiredCount=1)["desiredCount"] == 1
    steady(ecs, 1)
    until(lambda: alive(tmp_path) == 1, within=ecs.patience)
    update(ecs, desiredCount=0)
    steady(ecs, 0)
    until(lambda: alive(tmp_path) == 0, within=ecs.patience)


def test_a_task_that_is_stopped_or_ends_is_replaced(ecs: Ecs) -> None:
    opened(ecs, ecs.define("sleep", "60"))
    (first,) = steady(ecs, 1)
    ecs.stop(first, reason="enough of it")
    ecs.wait(first, "STOPPED")
    (second,) = until(lambda: ecs.listed(serviceName="web"), within=ecs.patience)
    assert second != first
    assert ecs.describe(first)["stoppedReason"] == "enough of it"


def test_tasks_tell_which_deployment_of_which_service_they_belong_to(ecs: Ecs) -> None:
    opened(
        ecs,
        ecs.define("sleep", "60"),
        tags=[{"key": "team", "value": "a"}],
        propagateTags="SERVICE",
    )
    (arn,) = steady(ecs, 1)
    task, (deployment,) = ecs.describe(arn, include=["TAGS"]), seen(ecs)["deployments"]
    assert deployment["id"].startswith("ecs-svc/")
    assert (task["startedBy"], task["group"]) == (deployment["id"], "service:web")
    assert task["tags"] == [{"key": "team", "value": "a"}]
    assert ecs.listed(startedBy=deployment["id"]) == [arn]


def test_a_deployment_replaces_tasks_with_sigterm_and_without_a_gap(
    ecs: Ecs, tmp_path: Path
) -> None:
    said = tmp_path / "bye.note"
    old = noting(ecs, tmp_path, f"trap 'touch {said}; exit 0' TERM;")
    opened(ecs, old)
    (first,) = steady(ecs, 1)
    until(lambda: alive(tmp_path) == 1, within=ecs.patience)
    update(ecs, taskDefinition=ecs.define("sleep", "60"))
    (second,) = steady(ecs, 1)
    before, after = ecs.wait(first, "STOPPED"), ecs.describe(second)
    assert before["stopCode"] == "ServiceSchedulerInitiated"
    assert before["containers"][0]["exitCode"] == 0
    assert said.exists()
    assert after["startedAt"] <= before["stoppingAt"]


def test_a_deaf_task_is_killed_after_its_stop_timeout(ecs: Ecs, tmp_path: Path) -> None:
    script = f"trap '' TERM; touch {tmp_path}/up; while :; do sleep 0.05; done"
    opened(ecs, ecs.define("sh", "-c", script, stopTimeout=2))
    (arn,) = steady(ecs, 1)
    until((tmp_path / "up").exists, within=ecs.patience)
    update(ecs, desiredCount=0)
    assert ecs.wait(arn, "STOPPED")["containers"][0]["exitCode"] == 137


def test_what_forces_a_deployment_and_what_does_not(ecs: Ecs) -> None:
    family = ecs.define("sleep", "60")
    (first,) = opened(ecs, family, 0)["deployments"]
    steady(ecs, 0)
    (same,) = update(ecs, taskDefinition=family, desiredCount=0)["deployments"]
    assert same["id"] == first["id"]
    forced = update(ecs, forceNewDeployment=True)["deployments"][0]
    assert forced["id"] != first["id"]
    assert (forced["status"], forced["rolloutState"]) == ("PRIMARY", "IN_PROGRESS")


def test_a_service_tells_what_it_was_asked_for(ecs: Ecs) -> None:
    family = ecs.define("sleep", "60")
    opened(ecs, family, 0, tags=[{"key": "team", "value": "a"}])
    service = seen(ecs, include=["TAGS"])
    assert service["launchType"] == "FARGATE"
    assert service["schedulingStrategy"] == "REPLICA"
    assert (
        service["networkConfiguration"]["awsvpcConfiguration"]["subnets"]
        == (ecs.network["awsvpcConfiguration"]["subnets"])
    )
    assert service["taskDefinition"].endswith(f":task-definition/{family}:1")
    assert service["serviceArn"].endswith(f":service/{ecs.cluster}/web")
    assert service["tags"] == [{"key": "team", "value": "a"}]
    assert "tags" not in seen(ecs)


def test_a_strategy_takes_the_place_of_the_launch_type(ecs: Ecs) -> None:
    spot = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    opened(ecs, ecs.define("sleep", "60"), capacityProviderStrategy=spot)
    (arn,) = steady(ecs, 1)
    assert ecs.describe(arn)["capacityProviderName"] == "FARGATE_SPOT"
    service = seen(ecs)
    assert "launchType" not in service
    assert service["capacityProviderStrategy"] == [{**spot[0], "base": 0}]


def test_a_service_is_deleted_only_at_zero_or_by_force(ecs: Ecs) -> None:
    opened(ecs, ecs.define("sleep", "60"))
    (arn,) = steady(ecs, 1)
    with pytest.raises(ecs.api.exceptions.InvalidParameterException, match="scaled above 0"):
        ecs.api.delete_service(cluster=ecs.cluster, service="web")
    ecs.api.delete_service(cluster=ecs.cluster, service="web", force=True)
    assert ecs.wait(arn, "STOPPED")["stopCode"] == "ServiceSchedulerInitiated"
    assert until(lambda: seen(ecs)["status"] == "INACTIVE", within=ecs.patience)
    with pytest.raises(ecs.api.exceptions.ServiceNotActiveException):
        update(ecs, desiredCount=1)


def test_clusters_and_application_auto_scaling_know_a_service_while_it_is_active(ecs: Ecs) -> None:
    def cluster() -> dict[str, Any]:
        (found,) = ecs.api.describe_clusters(clusters=[ecs.cluster])["clusters"]
        told: dict[str, Any] = found
        return told

    scaling = client(ecs.endpoint_url, "application-autoscaling")
    place = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}
    place |= {"ResourceId": f"service/{ecs.cluster}/web", "MinCapacity": 0, "MaxCapacity": 4}
    with pytest.raises(scaling.exceptions.ValidationException, match="doesn't exist"):
        scaling.register_scalable_target(**place)
    opened(ecs, ecs.define("sleep", "60"), 0)
    assert cluster()["activeServicesCount"] == 1
    off = dict.fromkeys(
        ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended"),
        True,
    )
    scaling.register_scalable_target(**place, SuspendedState=off)
    (target,) = scaling.describe_scalable_targets(
        ServiceNamespace="ecs", ResourceIds=[place["ResourceId"]]
    )["ScalableTargets"]
    assert target["SuspendedState"] == off
    ecs.api.delete_service(cluster=ecs.cluster, service="web")
    assert cluster()["activeServicesCount"] == 0


def test_registering_with_application_auto_scaling_moves_the_desired_count_within_the_bounds(
    ecs: Ecs,
) -> None:
    opened(ecs, ecs.define("sleep", "60"), 0)
    scaling = client(ecs.endpoint_url, "application-autoscaling")
    place = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}
    place |= {"ResourceId": f"service/{ecs.cluster}/web"}
    scaling.register_scalable_target(**place, MinCapacity=1, MaxCapacity=2)
    assert seen(ecs)["desiredCount"] == 1
    update(ecs, desiredCount=3)
    scaling.register_scalable_target(**place, SuspendedState={"DynamicScalingInSuspended": True})
    assert seen(ecs)["desiredCount"] == 2


def test_a_target_that_is_not_registered_cannot_be_suspended(ecs: Ecs) -> None:
    """Both bounds are required of a new one [RegisterScalableTarget, MinCapacity]."""
    opened(ecs, ecs.define("sleep", "60"), 0)
    scaling = client(ecs.endpoint_url, "application-autoscaling")
    place = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}
    place |= {"ResourceId": f"service/{ecs.cluster}/web"}
    off = {"DynamicScalingInSuspended": True}
    with pytest.raises(scaling.exceptions.ValidationException):
        scaling.register_scalable_target(**place, SuspendedState=off)
    ids = [place["ResourceId"]]
    found = scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=ids)
    assert found["ScalableTargets"] == []


def test_services_are_listed_page_by_page(ecs: Ecs) -> None:
    family = ecs.define("sleep", "60")
    names = [f"web{number}" for number in range(3)]
    arns = [opened(ecs, family, 0, serviceName=name)["serviceArn"] for name in names]
    first = ecs.api.list_services(cluster=ecs.cluster, maxResults=2)
    second = ecs.api.list_services(cluster=ecs.cluster, nextToken=first["nextToken"])
    assert first["serviceArns"] + second["serviceArns"] == arns
    assert "nextToken" not in second


def test_refusals_are_those_of_aws(ecs: Ecs) -> None:
    family, errors = ecs.define("sleep", "60"), ecs.api.exceptions
    with pytest.raises(errors.ServiceNotFoundException):
        update(ecs, desiredCount=1)
    with pytest.raises(errors.ServiceNotFoundException):
        ecs.listed(serviceName="web")
    with pytest.raises(errors.ServiceNotFoundException):
        ecs.api.delete_service(cluster=ecs.cluster, service="web")
    with pytest.raises(errors.ClusterNotFoundException):
        ecs.api.describe_services(cluster="no-such", services=["web"])
    with pytest.raises(errors.ClientException, match="TaskDefinition not found"):
        opened(ecs, "no-such-family")
    with pytest.raises(errors.InvalidParameterException):
        opened(ecs, family, -1)
    with pytest.raises(errors.InvalidParameterException):
        opened(ecs, family, serviceName="not a name")
    with pytest.raises(errors.InvalidParameterException):
        ecs.api.describe_services(cluster=ecs.cluster, services=[f"s{n}" for n in range(11)])
    failures = ecs.api.describe_services(cluster=ecs.cluster, services=["web"])["failures"]
    assert [each["reason"] for each in failures] == ["MISSING"]
    opened(ecs, family, 0)
    with pytest.raises(errors.InvalidParameterException, match="idempotent"):
        opened(ecs, family, 1)
    assert opened(ecs, family, 0)["status"] == "ACTIVE"
    with pytest.raises(errors.InvalidParameterException):
        update(ecs, desiredCount=-1)
