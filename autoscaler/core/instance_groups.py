"""An Auto Scaling group of ECS container instances as one look saw it, and what is done to it.

Times are seconds since the epoch (UTC).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from autoscaler.core.instances import Fit, Instances, InstanceType, TaskNeed, fit_of_any


class Standing(StrEnum):
    """What an instance is good for."""

    READY = "ready"
    DRAINING = "draining"
    UNREADY = "unready"  # on its way in or out, or its agent does not answer


@dataclass(frozen=True, slots=True)
class Instance:
    """One EC2 instance of a group, and what ECS knows of it."""

    id: str
    in_service: bool = True
    """Whether the group has it in service; if not, it is on its way in or out."""
    going: bool = False
    """Whether the group is terminating it."""
    protected: bool = False
    """Whether somebody protected it from scale-in."""
    arn: str | None = None
    """As a container instance. None: it has not registered with the cluster."""
    status: str | None = None
    """ECS's: ACTIVE takes tasks, DRAINING takes no more."""
    connected: bool = False
    """Whether its agent answers."""
    tasks: int | None = None
    """Running and pending. None: unknown."""

    @property
    def ready(self) -> bool:
        """Whether tasks can be placed on it now."""
        return self.in_service and self.connected and self.status == "ACTIVE"

    @property
    def draining(self) -> bool:
        """Whether it takes no more tasks."""
        return self.status == "DRAINING"

    @property
    def standing(self) -> Standing:
        """What it is good for now."""
        if self.draining:
            return Standing.DRAINING
        return Standing.READY if self.ready else Standing.UNREADY


@dataclass(frozen=True)
class Group:
    """A fleet's group, its instances and what a task needs of one."""

    name: str
    desired: int
    least: int
    most: int
    instances: tuple[Instance, ...]
    chosen: Instances
    """As the fleet's settings have it."""
    kinds: tuple[InstanceType, ...] = ()
    """The types that it launches, as far as they are in the table."""
    need: TaskNeed | None = None
    unknown: tuple[str, ...] = ()
    """Why tasks an instance cannot be worked out, in sentences."""
    managed_by: str | None = None
    """The capacity provider whose managed scaling grows and shrinks it."""
    purchase: str | None = None
    """What of it is Spot, by its own mixed instances policy, in a sentence."""

    @property
    def standing(self) -> Mapping[str, int] | None:
        """Instances by what they are good for; None: managed scaling's, and not looked at."""
        if self.managed_by:
            return None
        found = [one.standing for one in self.instances]
        return {state.value: found.count(state) for state in Standing}

    @property
    def fit(self) -> Fit | None:
        """Tasks on an instance, worked out; None: unknown."""
        if self.need is None or self.unknown:
            return None
        return fit_of_any(self.kinds, self.need, self.chosen)

    @property
    def per_instance(self) -> int | None:
        """Tasks on an instance: as configured, or as worked out. None: unknown."""
        if self.chosen.tasks_per_instance is not None:
            return self.chosen.tasks_per_instance
        return self.fit.tasks if self.fit else None


@dataclass(frozen=True, slots=True)
class Retiring:
    """What one tick leaves for the next about a group's instances, by their EC2 ids."""

    idle_since: Mapping[str, float] = field(default_factory=dict)
    """Since when each has been seen without a task at every look."""
    leaving: Mapping[str, float] = field(default_factory=dict)
    """Those that are drained to be terminated, and when that was decided."""


class Move(StrEnum):
    """What can be done to a group."""

    GROW = "grow"  # SetDesiredCapacity, only ever upwards
    DRAIN = "drain"  # UpdateContainerInstancesState DRAINING: no new task is placed on it
    KEEP = "keep"  # UpdateContainerInstancesState ACTIVE: a drained one is needed after all
    TERMINATE = "terminate"  # TerminateInstanceInAutoScalingGroup, that one alone


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do to a group, and why."""

    move: Move
    why: str
    instance: str | None = None
    """None: it is about the whole group."""
    desired: int | None = None
    """For ``grow``: how many instances there are to be."""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """What became of a step."""

    step: Step
    done: bool
    said: str = ""
    """Why it was not done, in a sentence."""


@dataclass(frozen=True)
class Tending:
    """What a tick saw of a group and did to it."""

    group: str
    desired: int | None = None
    """Instances; None: the group could not be seen."""
    most: int | None = None
    per_instance: int | None = None
    needed: int | None = None
    """Instances that the tasks need; None: unknown, or it is not for us to say."""
    standing: Mapping[str, int] | None = None
    """Instances there are, by what they are good for; None: unknown."""
    reasons: tuple[str, ...] = ()
    steps: tuple[StepTaken, ...] = ()
    price: float | None = None
    """US dollars for an hour of one instance; None: unknown."""
