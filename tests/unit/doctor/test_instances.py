"""Fleets on EC2: each check sees its own broken group, and none a sound one."""

from __future__ import annotations

from typing import Any

import pytest
from support.doctor.unseen import fleet_facts, found
from support.instance_world import group

from autoscaler.core.instances import Instances, InstanceType, TaskNeed
from autoscaler.core.rules import Limits
from autoscaler.operations.doctor.checks import capacity, definitions, instances
from autoscaler.operations.doctor.facts import FleetFacts
from autoscaler.operations.doctor.knowing import Absent

LARGE = InstanceType("c6i.large", 2, 4096, 3, 10)
SMALL, HUGE = TaskNeed(256, 1024), TaskNeed(256, 8192)
BY_PROVIDER = Instances(group="workers", capacity_provider="cp", network="host")
ON_HOST = Instances(group="workers", network="host")


def facts(chosen: Instances = ON_HOST, seen: Any = None, **known: Any) -> FleetFacts:
    """A fleet of at most ten tasks of 1 GiB, three on each of up to ten c6i.large."""
    options = {"chosen": chosen, "kinds": (LARGE,), "need": SMALL, **known}
    fleet = {"capacity": "ec2", "instances": chosen, "limits": Limits(max_tasks=10)}
    return fleet_facts(fleet, group=seen or group(**options))


BROKEN = {
    "instance-group-exists": facts(seen=Absent("there is no Auto Scaling group workers")),
    "managed-scaling": facts(managed_by="cp"),
    "instance-type-known": facts(kinds=(), unknown=("There is no instance type x9.",)),
    "task-fits-instance": facts(need=HUGE),
    "network-interfaces": facts(Instances(group="workers")),
    "instance-group-size": facts(most=3),
}


def tripped(seen: FleetFacts) -> list[str]:
    absent = isinstance(seen.group, Absent)  # the others cannot tell then
    checks = instances.CHECKS[:1] if absent else instances.CHECKS
    return [one.id for one in checks if found(one, seen)]


@pytest.mark.parametrize("check", BROKEN)
def test_each_check_sees_its_own_broken_group(check: str) -> None:
    assert tripped(BROKEN[check]) == [check]


def test_every_check_of_instances_has_its_broken_one() -> None:
    assert [one.id for one in instances.CHECKS] == [*BROKEN]


@pytest.mark.parametrize(
    "seen",
    [
        facts(),
        facts(BY_PROVIDER, managed_by="cp"),
        facts(kinds=(), chosen=Instances(group="workers", tasks_per_instance=3)),
        fleet_facts(group=None),
    ],
    ids=["ours", "managed", "told", "on Fargate"],
)
def test_a_sound_group_trips_none(seen: FleetFacts) -> None:
    assert tripped(seen) == []


def test_what_is_for_fargate_only_is_not_asked_of_a_fleet_on_ec2() -> None:
    cluster = {"capacityProviders": ["cp"]}
    seen = facts(BY_PROVIDER)
    on_ec2 = fleet_facts(
        {"capacity": "ec2", "instances": BY_PROVIDER},
        cluster=cluster,
        group=seen.group,
        definition={"requiresCompatibilities": ["EC2"], "networkMode": "host"},
    )
    checks = [capacity.providers, definitions.fargate, definitions.size]
    assert [found(one, on_ec2) for one in checks] == [[], [], []]
