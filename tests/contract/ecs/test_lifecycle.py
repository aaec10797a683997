"""The states a task passes through, and the fields each of them brings."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from support.local_aws import Ecs, until


def states_until_stopped(ecs: Ecs, arn: str) -> list[dict[str, Any]]:
    """Every different state seen, in order."""
    seen: list[dict[str, Any]] = []

    def stopped() -> bool:
        task = ecs.describe(arn)
        if not seen or seen[-1]["lastStatus"] != task["lastStatus"]:
            seen.append(task)
        return task["lastStatus"] == "STOPPED"

    until(stopped, within=ecs.patience)
    return seen


def test_a_new_task_is_provisioning_and_wants_to_run(ecs: Ecs) -> None:
    (task,) = ecs.run(ecs.define("sleep", "60"))["tasks"]
    assert (task["lastStatus"], task["desiredStatus"]) == ("PROVISIONING", "RUNNING")
    assert task["version"] == 1
    assert "createdAt" in task
    assert "startedAt" not in task
    assert [each["lastStatus"] for each in task["containers"]] == ["PENDING"]


def test_a_task_passes_through_every_state_once(ecs: Ecs) -> None:
    """A busy computer may look too late to see a short state; not at each of several tasks."""
    order = ["PROVISIONING", "PENDING", "RUNNING", "STOPPING", "DEPROVISIONING", "STOPPED"]
    seen: set[str] = set()
    for _ in range(8):
        task_seen = states_until_stopped(ecs, ecs.launch("sleep", "0.3"))
        states = [task["lastStatus"] for task in task_seen]
        assert [state for state in order if state in states] == states
        seen.update(states)
        if seen >= {"PROVISIONING", "PENDING", "RUNNING", "DEPROVISIONING", "STOPPED"}:
            return
    raise AssertionError(f"only {seen} were ever seen")


def test_the_version_grows_with_every_change(ecs: Ecs) -> None:
    versions = [task["version"] for task in states_until_stopped(ecs, ecs.launch("sleep", "0.3"))]
    assert all(earlier < later for earlier, later in pairwise(versions))


def test_the_desired_status_is_stopped_as_soon_as_the_task_has_ended(ecs: Ecs) -> None:
    seen = states_until_stopped(ecs, ecs.launch("sleep", "0.3"))
    wanted = {task["lastStatus"]: task["desiredStatus"] for task in seen}
    assert (wanted["RUNNING"], wanted["DEPROVISIONING"]) == ("RUNNING", "STOPPED")


def test_every_time_is_known_in_the_end_and_in_order(ecs: Ecs) -> None:
    task = ecs.wait(ecs.launch("sleep", "0.3"), "STOPPED")
    order = ["createdAt", "pullStartedAt", "pullStoppedAt", "startedAt"]
    order += ["stoppingAt", "executionStoppedAt", "stoppedAt"]
    times = [task[name] for name in order]
    assert times == sorted(times)
    assert (task["executionStoppedAt"] - task["startedAt"]).total_seconds() >= 0.3


def test_the_delays_are_the_ones_that_were_set(ecs: Ecs) -> None:
    task = ecs.wait(ecs.launch("true"), "STOPPED")
    assert (task["pullStartedAt"] - task["createdAt"]).total_seconds() >= 0.2
    assert (task["pullStoppedAt"] - task["pullStartedAt"]).total_seconds() >= 0.2
    assert (task["stoppedAt"] - task["executionStoppedAt"]).total_seconds() >= 0.2


def test_a_task_that_ends_by_itself_says_so(ecs: Ecs) -> None:
    task = ecs.wait(ecs.launch("sh", "-c", "exit 3"), "STOPPED")
    assert task["stopCode"] == "EssentialContainerExited"
    assert task["stoppedReason"] == "Essential container in task exited"
    assert [each["exitCode"] for each in task["containers"]] == [3]


def test_a_task_killed_from_outside_has_128_and_the_signal_as_exit_code(ecs: Ecs) -> None:
    task = ecs.wait(ecs.launch("sh", "-c", "kill -KILL $$"), "STOPPED")
    assert task["stopCode"] == "EssentialContainerExited"
    assert [each["exitCode"] for each in task["containers"]] == [137]


def test_a_command_that_cannot_be_started_never_runs(ecs: Ecs) -> None:
    seen = states_until_stopped(ecs, ecs.launch("no-such-program-here"))
    assert "RUNNING" not in [task["lastStatus"] for task in seen]
    assert seen[-1]["stopCode"] == "TaskFailedToStart"
    assert seen[-1]["stoppedReason"].startswith("CannotStartContainerError")
    assert seen[-1]["containers"][0]["reason"].startswith("CannotStartContainerError")
    assert not {"startedAt", "executionStoppedAt"} & seen[-1].keys()
    assert "exitCode" not in seen[-1]["containers"][0]


def test_a_container_without_a_command_cannot_be_started(ecs: Ecs) -> None:
    family = ecs.define_containers([{"name": "main", "image": "none", "memory": 9}])
    arn = ecs.run(family)["tasks"][0]["taskArn"]
    assert ecs.wait(arn, "STOPPED")["stopCode"] == "TaskFailedToStart"


def test_a_running_task_has_what_aws_tells_of_it(ecs: Ecs) -> None:
    tags = [{"key": "fleet", "value": "thumbnailers"}]
    family = ecs.define("sleep", "60", cpu=64, memory=96)
    (launched,) = ecs.run(family, startedBy="me", tags=tags)["tasks"]
    ecs.wait(launched["taskArn"], "RUNNING")
    task = ecs.describe(launched["taskArn"], include=["TAGS"])
    cluster_arn = ecs.api.describe_clusters(clusters=[ecs.cluster])["clusters"][0]["clusterArn"]
    assert task["clusterArn"] == cluster_arn
    assert task["taskArn"].startswith(cluster_arn.replace(":cluster/", ":task/") + "/")
    assert task["taskDefinitionArn"].endswith(f":task-definition/{family}:1")
    assert (task["cpu"], task["memory"], task["launchType"]) == ("256", "512", "FARGATE")
    assert (task["startedBy"], task["tags"]) == ("me", tags)
    assert task["connectivity"] == "CONNECTED"
    assert task["availabilityZone"].startswith("eu-west-2")
    (attachment,) = task["attachments"]
    details = {each["name"]: each["value"] for each in attachment["details"]}
    assert details["subnetId"] in ecs.network["awsvpcConfiguration"]["subnets"]
    (container,) = task["containers"]
    assert (container["name"], container["lastStatus"]) == ("main", "RUNNING")
    assert (container["cpu"], container["memory"]) == ("64", "96")
    assert container["taskArn"] == task["taskArn"]
    assert ":container/" in container["containerArn"]
    assert container["runtimeId"]
    assert container["networkInterfaces"][0]["privateIpv4Address"] == details["privateIPv4Address"]
    assert "exitCode" not in container


def test_overrides_of_the_task_change_its_size(ecs: Ecs) -> None:
    override = {"cpu": "512", "memory": "1024"}
    (task,) = ecs.run(ecs.define("sleep", "60"), overrides=override)["tasks"]
    assert (task["cpu"], task["memory"]) == ("512", "1024")


def containers(*specified: tuple[str, str, bool]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "image": "none",
            "memory": 64,
            "essential": essential,
            "stopTimeout": 2,
            "command": ["sh", "-c", script],
        }
        for name, script, essential in specified
    ]


def test_when_an_essential_container_ends_the_others_are_ended(ecs: Ecs) -> None:
    family = ecs.define_containers(
        containers(("main", "sleep 0.3; exit 5", True), ("side", "exec sleep 60", False))
    )
    task = ecs.wait(ecs.run(family)["tasks"][0]["taskArn"], "STOPPED")
    codes = {each["name"]: each["exitCode"] for each in task["containers"]}
    assert codes == {"main": 5, "side": 143}
    assert task["stopCode"] == "EssentialContainerExited"


def test_when_another_container_ends_the_task_runs_on(ecs: Ecs) -> None:
    family = ecs.define_containers(
        containers(("main", "exec sleep 60", True), ("side", "exit 1", False))
    )
    arn = ecs.run(family)["tasks"][0]["taskArn"]

    def side_has_ended() -> bool:
        found = {each["name"]: each for each in ecs.describe(arn)["containers"]}
        return found["side"].get("exitCode") == 1

    until(side_has_ended, within=ecs.patience)
    assert ecs.describe(arn)["lastStatus"] == "RUNNING"
