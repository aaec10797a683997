"""Whether tasks on EC2 find room, and whether their instances have one owner."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.core.instance_groups import Group
from autoscaler.core.instances import Bound
from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import FleetFacts
from autoscaler.operations.doctor.knowing import Absent, known


@check(
    "instance-group-exists",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="whether the Auto Scaling group of a fleet with `capacity: ec2` exists",
    why="Nobody adds instances: tasks find no room and messages wait.",
    fix="Create the group, or correct the fleet's instances.group and region.",
)
def exists(fleet: FleetFacts) -> Iterator[str]:
    """AWS says that there is none."""
    if isinstance(fleet.group, Absent):
        yield fleet.group.why
    else:
        known(fleet.group)


@check(
    "managed-scaling",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="capacity providers with managed scaling on the fleet's group",
    why="The group is left to managed scaling, and that counts only tasks that are launched by its "
    "provider: for others no instance ever comes.",
    fix="Set instances.capacity_provider to that provider, or turn its managed scaling off.",
)
def managed(fleet: FleetFacts) -> Iterator[str]:
    """On, and tasks are launched by another way."""
    group, chosen = known(fleet.group), fleet.settings.instances
    if group and group.managed_by and chosen and chosen.capacity_provider != group.managed_by:
        how = chosen.capacity_provider or "the launch type EC2"
        yield f"{group.managed_by} scales {group.name}, and tasks are launched by {how}"


@check(
    "instance-type-known",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="the instance types that the fleet's group launches, in the table that ships",
    why="How many tasks an instance takes is unknown, so that the group is left as it is.",
    fix="Set instances.type to one that is known, or instances.tasks_per_instance.",
)
def types(fleet: FleetFacts) -> Iterator[str]:
    """Not in the table, or not said."""
    group = _ours(fleet)
    if group and group.per_instance is None:
        yield from (one.removesuffix(".") for one in group.unknown)


@check(
    "task-fits-instance",
    Severity.PROBLEM,
    FleetFacts,
    looks_at="the task's size against what an instance has to give",
    why="Not one task fits, so that none ever starts, however many instances there are.",
    fix="Use a larger instance type or a smaller task, or lower instances.host and sidecar.",
)
def fits(fleet: FleetFacts) -> Iterator[str]:
    """No room for one."""
    group = _ours(fleet)
    if group and group.per_instance == 0 and group.fit and group.need:
        need = f"{group.need.cpu} CPU units and {group.need.memory} MiB"
        yield f"a task of {need} does not fit on {_names(group)}, for want of {group.fit.bound}"


@check(
    "network-interfaces",
    Severity.ADVICE,
    FleetFacts,
    looks_at="network interfaces of the fleet's instances, where each task takes one of its own",
    why="Instances stay half empty and are paid in full.",
    fix="Turn on awsvpcTrunking and set instances.trunking, or use the network mode bridge or "
    "host.",
)
def interfaces(fleet: FleetFacts) -> Iterator[str]:
    """They bind before CPU and memory do."""
    group = _ours(fleet)
    if group and group.fit and group.fit.tasks and group.fit.bound is Bound.INTERFACES:
        yield f"{_names(group)} takes {group.fit.tasks} tasks, for want of network interfaces"


@check(
    "instance-group-size",
    Severity.ADVICE,
    FleetFacts,
    looks_at="the group's maximum against what max_tasks need",
    why="Beyond the group's maximum tasks find no room, and messages wait whatever the policies "
    "say.",
    fix="Raise the group's maximum, or lower limits.max_tasks.",
)
def large_enough(fleet: FleetFacts) -> Iterator[str]:
    """It holds fewer than max_tasks."""
    group, most = _ours(fleet), fleet.settings.limits.max_tasks
    if group and group.per_instance and group.most * group.per_instance < most:
        held = group.most * group.per_instance
        yield f"{group.name} has room for {held} tasks at most, and max_tasks is {most}"


def _ours(fleet: FleetFacts) -> Group | None:
    """The group, unless managed scaling has it in hand."""
    group = known(fleet.group)
    return None if group is None or group.managed_by else group


def _names(group: Group) -> str:
    return " or ".join(kind.name for kind in group.kinds) or group.name


CHECKS = (exists, managed, types, fits, interfaces, large_enough)
