"""How many tasks fit on an EC2 instance, and how many instances so many tasks need. Pure.

CPU is in units of which a vCPU has 1,024, memory in MiB, as ECS counts both.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from autoscaler.core.units import AtLeast, Duration

UNITS_A_VCPU = 1024


@dataclass(frozen=True, slots=True)
class InstanceType:
    """What one EC2 instance type has to give."""

    name: str
    vcpus: int
    memory: int
    """MiB."""
    interfaces: int
    """Network interfaces, the instance's own included."""
    trunked_tasks: int | None = None
    """Tasks with an interface of their own under ENI trunking; None: AWS documents no figure."""


@dataclass(frozen=True, slots=True)
class TaskNeed:
    """What ECS sets aside for one task."""

    cpu: int
    """Units; 0 where no container asks for any, which only EC2 allows."""
    memory: int
    """MiB."""


@dataclass(frozen=True, slots=True)
class Host:
    """What the instance keeps for itself: its system, Docker and the ECS agent."""

    cpu: Annotated[int, AtLeast(0)] = 0
    """Units."""
    memory: Annotated[int, AtLeast(0)] = 1024
    """MiB."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What runs beside the tasks and their task definition does not count."""

    per: Literal["task", "instance"]
    """One beside every task, or one on every instance, as a daemon."""
    cpu: Annotated[int, AtLeast(0)] = 128
    """Units."""
    memory: Annotated[int, AtLeast(0)] = 256
    """MiB."""


@dataclass(frozen=True, slots=True)
class Instances:
    """The EC2 instances that a fleet's tasks run on. At least a group or a provider is named."""

    group: str | None = None
    """The Auto Scaling group that is grown for this fleet and shrunk after it, by its name.

    None: nothing is done about instances, as the capacity provider's managed scaling does it.
    """
    capacity_provider: str | None = None
    """Launches go by this capacity provider of the cluster. None: by the launch type EC2."""
    type: str | None = None
    """Instance type to count with, such as c6i.large. None: those that the group launches."""
    tasks_per_instance: Annotated[int, AtLeast(1)] | None = None
    """None: worked out from the type and the task definition."""
    network: Literal["awsvpc", "bridge", "host"] = "awsvpc"
    """The task definition's network mode; with ``awsvpc`` every task takes a network interface."""
    trunking: bool = False
    """Whether the account's instances have ENI trunking (the setting ``awsvpcTrunking``)."""
    host: Host = field(default_factory=Host)
    """What no task can have of an instance."""
    sidecar: Sidecar | None = None
    """What runs beside the tasks."""
    placement: Literal["pack", "spread"] = "pack"
    """Tasks together on few instances, so that others become empty; or over all of them."""
    idle: Duration = 300.0
    """Seconds an instance has been seen without a task before it may go."""
    price: Annotated[float, AtLeast(0)] | None = None
    """US dollars for an hour of one instance. None: what tasks cost is unknown."""


class Bound(StrEnum):
    """What no further task on an instance would find."""

    CPU = "CPU"
    MEMORY = "memory"
    INTERFACES = "network interfaces"


@dataclass(frozen=True, slots=True)
class Fit:
    """How many tasks an instance takes, and what stops one more."""

    tasks: int
    bound: Bound


def fit(kind: InstanceType, need: TaskNeed, chosen: Instances) -> Fit:
    """How many such tasks an instance of this type takes."""
    beside, on_host = _sidecar(chosen.sidecar, "task"), _sidecar(chosen.sidecar, "instance")
    cpu = kind.vcpus * UNITS_A_VCPU - chosen.host.cpu - on_host.cpu
    memory = kind.memory - chosen.host.memory - on_host.memory
    limits = [(max(0, memory) // max(1, need.memory + beside.memory), Bound.MEMORY)]
    if need.cpu + beside.cpu > 0:
        limits.append((max(0, cpu) // (need.cpu + beside.cpu), Bound.CPU))
    if chosen.network == "awsvpc":
        limits.append((interfaces_for_tasks(kind, trunking=chosen.trunking), Bound.INTERFACES))
    return Fit(*min(limits, key=lambda limit: limit[0]))


def fit_of_any(kinds: Iterable[InstanceType], need: TaskNeed, chosen: Instances) -> Fit | None:
    """How many tasks every one of these types takes: the fewest of any. None: there is no type."""
    fits = [fit(kind, need, chosen) for kind in kinds]
    return min(fits, key=lambda one: one.tasks, default=None)


def interfaces_for_tasks(kind: InstanceType, *, trunking: bool) -> int:
    """Tasks that get an interface of their own; the instance's own is none of theirs.

    Without a documented figure, trunking is taken to change nothing.
    """
    if trunking and kind.trunked_tasks is not None:
        return kind.trunked_tasks
    return max(0, kind.interfaces - 1)


def _sidecar(sidecar: Sidecar | None, per: str) -> TaskNeed:
    if sidecar is None or sidecar.per != per:
        return TaskNeed(0, 0)
    return TaskNeed(sidecar.cpu, sidecar.memory)


def instances_for(tasks: int, per_instance: int) -> int:
    """How many instances so many tasks need: ``ceil(tasks / per_instance)``."""
    return math.ceil(tasks / per_instance)
