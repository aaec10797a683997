"""Tasks on the EC2 instances of Auto Scaling groups: placed, drained, and lost with the machine."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from support.groups import Workers
from support.local_aws import Ecs

SLEEP = ("sleep", "60")


@pytest.fixture
def workers(ecs: Ecs) -> Workers:
    """One m5.large (2 vCPU, 8 GiB), in a cluster of its own: three tasks of 2 GiB fit."""
    return Workers.of(Ecs.at(ecs.endpoint_url))


def test_an_instance_of_a_group_registers_with_the_cluster_its_user_data_names(workers) -> None:
    (host,) = workers.hosts()
    assert host["ec2InstanceId"] == workers.group()["Instances"][0]["InstanceId"]
    assert (host["status"], host["agentConnected"]) == ("ACTIVE", True)
    assert (host["runningTasksCount"], host["pendingTasksCount"]) == (0, 0)


def test_without_an_instance_a_launch_is_an_error(ecs: Ecs) -> None:
    workers = Workers.of(Ecs.at(ecs.endpoint_url), desired=0)
    with pytest.raises(ClientError, match="No Container Instances were found") as caught:
        workers.run(workers.define(*SLEEP))
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"


def test_what_has_no_room_comes_back_in_failures(workers) -> None:
    answer = workers.run(workers.define(*SLEEP), count=5)
    assert len(answer["tasks"]) == 3
    assert [one["reason"] for one in answer["failures"]] == ["RESOURCE:MEMORY"] * 2
    more = workers.run(workers.define(*SLEEP, cpu="2048", memory="64"))
    assert [one["reason"] for one in more["failures"]] == ["RESOURCE:CPU"]


def test_a_task_with_an_interface_of_its_own_takes_one_of_the_instances(workers) -> None:
    family = workers.define(*SLEEP, memory="64")
    answer = workers.run(family, count=4, networkConfiguration=workers.ecs.network)
    assert len(answer["tasks"]) == 2  # three, of which one is the instance's own
    assert {one["reason"] for one in answer["failures"]} == {"RESOURCE:ENI"}


def test_an_instance_tells_its_tasks_and_a_task_its_instance(workers) -> None:
    (task,) = workers.run(workers.define(*SLEEP))["tasks"]
    (host,) = workers.hosts()
    assert task["containerInstanceArn"] == host["containerInstanceArn"]
    assert host["runningTasksCount"] + host["pendingTasksCount"] == 1
    assert workers.ecs.listed(containerInstance=host["containerInstanceArn"]) == [task["taskArn"]]


@pytest.mark.parametrize(("how", "instances"), [("binpack", 1), ("spread", 2)])
def test_tasks_are_packed_or_spread(workers, how: str, instances: int) -> None:
    workers.desire(2)
    field = {"binpack": "memory", "spread": "instanceId"}[how]
    placement = [{"type": how, "field": field}]
    answer = workers.run(workers.define(*SLEEP), count=2, placementStrategy=placement)
    assert len({task["containerInstanceArn"] for task in answer["tasks"]}) == instances


def test_a_draining_instance_keeps_its_tasks_and_takes_no_more(workers) -> None:
    family = workers.define(*SLEEP)
    (task,) = workers.run(family)["tasks"]
    workers.ecs.wait(task["taskArn"], "RUNNING")
    workers.change(task["containerInstanceArn"], "DRAINING")
    assert workers.run(family)["tasks"] == []
    assert workers.ecs.describe(task["taskArn"])["lastStatus"] == "RUNNING"
    workers.change(task["containerInstanceArn"], "ACTIVE")
    assert len(workers.run(family)["tasks"]) == 1


def test_a_terminated_instance_takes_its_tasks_with_it(workers) -> None:
    """What the autoscaler must never let happen happens here as it does on AWS."""
    (task,) = workers.run(workers.define(*SLEEP))["tasks"]
    workers.ecs.wait(task["taskArn"], "RUNNING")
    (host,) = workers.hosts()
    workers.scaling.terminate_instance_in_auto_scaling_group(
        InstanceId=host["ec2InstanceId"], ShouldDecrementDesiredCapacity=True
    )
    stopped = workers.ecs.wait(task["taskArn"], "STOPPED")
    assert "terminated" in stopped["stoppedReason"]
    assert stopped["containers"][0]["exitCode"] != 0
    assert (workers.hosts(), workers.group()["DesiredCapacity"]) == ([], 0)


def test_an_instance_that_is_not_there_is_a_failure(workers) -> None:
    answer = workers.ecs.api.describe_container_instances(
        cluster=workers.ecs.cluster, containerInstances=["no-such"]
    )
    assert [one["reason"] for one in answer["failures"]] == ["MISSING"]
