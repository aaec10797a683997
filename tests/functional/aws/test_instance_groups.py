"""A group of instances through AWS's own interfaces: seen, grown, drained and let go of."""

from __future__ import annotations

import uuid
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from support.aws_settings import fleet, settings
from support.groups import Workers
from support.local_aws import Ecs

from autoscaler.aws.check import problems
from autoscaler.aws.clients import Clients
from autoscaler.aws.instance_groups import AwsInstanceGroups
from autoscaler.config import load
from autoscaler.core.instance_groups import Group, Move, Step
from autoscaler.core.instances import Fit, Instances, TaskNeed
from autoscaler.core.model import Unknown
from autoscaler.core.settings import MemoryInProcess, Settings
from autoscaler.local import LocalAws
from autoscaler.operations.doctor.account import Account
from autoscaler.operations.doctor.gathering.fleets import FleetLooks
from autoscaler.operations.doctor.knowing import NotThereError
from autoscaler.runtime.planning import plan
from autoscaler.runtime.world import AwsWorld
from autoscaler.telemetry.instances import instances_told
from autoscaler.telemetry.records import Nowhere

EXAMPLE = Path(__file__).parents[3] / "examples" / "ec2.yaml"

SLEEP = ("sleep", "60")


@pytest.fixture
def workers(local_aws: LocalAws) -> Workers:
    """Two m5.large in a cluster of their own."""
    return Workers.of(Ecs.at(local_aws.endpoint_url), desired=2)


def on(workers: Workers, **chosen: object) -> Settings:
    """A fleet on this group's instances, of tasks of 2 GiB."""
    family = workers.define(*SLEEP)
    named = Instances(**{"group": workers.name, "network": "host", **chosen})
    options = {"capacity": "ec2", "instances": named, "task_definition": family, "subnets": ()}
    return settings({"thumbs": fleet(workers.ecs.cluster, **options)})


def seen(clients: Clients, house: Settings) -> Group:
    found = AwsInstanceGroups(house.fleets, clients).seen("thumbs")
    assert isinstance(found, Group)
    return found


def take(clients: Clients, house: Settings, move: Move, **about: object) -> str:
    """What is said to a step; nothing: it was done."""
    groups = AwsInstanceGroups(house.fleets, clients)
    taken = groups.take("thumbs", seen(clients, house), Step(move, "for a test", **about))
    assert taken.done is (taken.said == "")
    return taken.said


def test_a_group_is_seen_with_its_instances_and_what_they_take(workers, clients) -> None:
    found = seen(clients, on(workers))
    assert (found.desired, found.least, found.most) == (2, 0, 10)
    assert [one.ready for one in found.instances] == [True, True]
    assert [one.tasks for one in found.instances] == [0, 0]
    assert [kind.name for kind in found.kinds] == ["m5.large"]
    assert found.need == TaskNeed(256, 2048)
    assert found.fit == Fit(3, "memory")


def test_tasks_on_an_instance_are_counted(workers, clients) -> None:
    house = on(workers)
    workers.run(house.fleets["thumbs"].task_definition, count=2)
    assert sum(one.tasks for one in seen(clients, house).instances) == 2


def test_the_type_of_an_empty_group_is_that_of_its_launch_template(workers, clients) -> None:
    workers.desire(0)
    found = seen(clients, on(workers))
    assert found.instances == ()
    assert [kind.name for kind in found.kinds] == ["m5.large"]


def test_a_group_grows(workers, clients) -> None:
    assert take(clients, on(workers), Move.GROW, desired=3) == ""
    assert workers.group()["DesiredCapacity"] == 3


def test_an_instance_is_drained_taken_back_and_terminated_alone(workers, clients) -> None:
    house = on(workers)
    first, second = (one.id for one in seen(clients, house).instances)
    assert take(clients, house, Move.DRAIN, instance=first) == ""
    assert [one.draining for one in seen(clients, house).instances] == [True, False]
    assert take(clients, house, Move.KEEP, instance=first) == ""
    assert take(clients, house, Move.TERMINATE, instance=first) == "it is ACTIVE and takes tasks"
    assert take(clients, house, Move.DRAIN, instance=first) == ""
    assert take(clients, house, Move.TERMINATE, instance=first) == ""
    assert [one.id for one in seen(clients, house).instances] == [second]
    assert workers.group()["DesiredCapacity"] == 1


def test_an_instance_with_a_task_is_never_terminated_however_it_was_planned(
    workers, clients
) -> None:
    """Nor with one that is being stopped and works on: ECS counts it no more."""
    house = on(workers)
    family = workers.define("sh", "-c", "trap '' TERM; while :; do sleep 0.1; done")
    (task,) = workers.run(family)["tasks"]
    workers.ecs.wait(task["taskArn"], "RUNNING")
    arn = task["containerInstanceArn"]
    (name,) = (one.id for one in seen(clients, house).instances if one.arn == arn)
    assert take(clients, house, Move.DRAIN, instance=name) == ""
    assert take(clients, house, Move.TERMINATE, instance=name) == "a task has been placed on it"
    workers.ecs.stop(task["taskArn"])
    assert take(clients, house, Move.TERMINATE, instance=name) == "a task on it is still stopping"
    assert workers.group()["DesiredCapacity"] == 2


def test_a_group_that_is_not_there_is_told_before_the_start_and_at_each_look(
    workers, clients
) -> None:
    house = on(workers, group="no-such")
    found = AwsInstanceGroups(house.fleets, clients).seen("thumbs")
    assert isinstance(found, Unknown)
    assert "there is no Auto Scaling group no-such" in found.why
    assert any("no-such" in line for line in problems(replace(house, queues={}), clients))


def test_a_type_that_nobody_knows_is_told(workers, clients) -> None:
    found = seen(clients, on(workers, type="x99.large"))
    assert found.per_instance is None
    assert "no instance type x99.large" in found.unknown[0]
    assert seen(clients, on(workers, type="x99.large", tasks_per_instance=4)).per_instance == 4


def test_a_groups_own_policy_says_what_is_spot(workers, clients) -> None:
    specified = {"LaunchTemplateName": workers.name, "Version": "$Latest"}
    overrides = [{"InstanceType": "m5.large"}, {"InstanceType": "m5.xlarge"}]
    mixed = {
        "LaunchTemplate": {"LaunchTemplateSpecification": specified, "Overrides": overrides},
        "InstancesDistribution": {
            "OnDemandBaseCapacity": 1,
            "OnDemandPercentageAboveBaseCapacity": 25,
        },
    }
    workers.scaling.update_auto_scaling_group(
        AutoScalingGroupName=workers.name, MixedInstancesPolicy=mixed
    )
    found = seen(clients, on(workers))
    assert found.purchase == (
        "The group's own policy buys 1 instances on demand first, 25 % of the others too, and the "
        "rest on Spot."
    )
    assert [kind.name for kind in found.kinds] == ["m5.large", "m5.xlarge"]
    assert found.per_instance == 3  # of the smaller


def test_weights_make_capacity_no_number_of_instances(workers, clients) -> None:
    specified = {"LaunchTemplateName": workers.name, "Version": "$Latest"}
    overrides = [{"InstanceType": "m5.large", "WeightedCapacity": "1"}]
    mixed = {"LaunchTemplate": {"LaunchTemplateSpecification": specified, "Overrides": overrides}}
    workers.scaling.update_auto_scaling_group(
        AutoScalingGroupName=workers.name, MixedInstancesPolicy=mixed
    )
    found = AwsInstanceGroups(on(workers).fleets, clients).seen("thumbs")
    assert isinstance(found, Unknown)
    assert "weighs its instance types" in found.why


@pytest.mark.parametrize(("status", "manager"), [("ENABLED", True), ("DISABLED", False)])
def test_managed_scaling_of_a_capacity_provider_is_seen(
    workers, clients, status: str, manager: bool
) -> None:
    name = f"cp-{uuid.uuid4().hex[:8]}"
    ecs = boto3.client("ecs")
    ecs.create_capacity_provider(
        name=name,
        autoScalingGroupProvider={
            "autoScalingGroupArn": workers.group()["AutoScalingGroupARN"],
            "managedScaling": {"status": status},
        },
    )
    ecs.put_cluster_capacity_providers(
        cluster=workers.ecs.cluster, capacityProviders=[name], defaultCapacityProviderStrategy=[]
    )
    assert seen(clients, on(workers)).managed_by == (name if manager else None)


def test_a_fleet_on_fargate_or_with_a_provider_alone_has_no_group_of_ours(clients) -> None:
    alone = fleet(capacity="ec2", instances=Instances(capacity_provider="cp"))
    groups = AwsInstanceGroups({"thumbs": fleet(), "others": alone}, clients)
    assert (groups.seen("thumbs"), groups.seen("others")) == (None, None)


def test_the_example_is_planned_as_its_page_says(local_aws, clients) -> None:
    """Two tasks on a c6i.large, for want of interfaces: five tasks need three instances."""
    ecs = Ecs.at(local_aws.endpoint_url)
    ecs.api.create_cluster(clusterName="pipeline")
    Workers.of(replace(ecs, cluster="pipeline"), "c6i.large", desired=0, name="encoders")
    container = {"name": "encoder", "image": "none", "command": [*SLEEP]}
    ecs.api.register_task_definition(
        family="encoder",
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[container],
    )
    queue = boto3.client("sqs").create_queue(QueueName="films")["QueueUrl"]
    for _ in range(41):
        boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="a film")
    house = replace(load([EXAMPLE], {}), store=MemoryInProcess())
    with closing(AwsWorld(house, Nowhere(), clients)) as world:
        world.require_sound(house)
        (record,) = plan(world.world(house), house.rulebook())
    told = instances_told(record.tending)
    assert (told.per_instance, told.needed, told.an_hour) == (2, 3, 0.0)
    assert told.steps == ("grow to 3 instances: 5 tasks at 2 an instance need 3 instances.",)


def test_the_doctor_sees_the_group_that_ticks_see(workers, clients) -> None:
    house = on(workers)
    looks = FleetLooks(Account(clients), house.fleets["thumbs"])
    assert looks.group() == seen(clients, house)
    gone = on(workers, group="no-such").fleets["thumbs"]
    with pytest.raises(NotThereError, match="no Auto Scaling group no-such"):
        FleetLooks(Account(clients), gone).group()
