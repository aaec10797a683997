"""What a user decided: policies, limits and how to combine them. Values, already validated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Protocol

from autoscaler.core.model import Advice, Observation
from autoscaler.core.needs import Need
from autoscaler.core.service import ServiceRules
from autoscaler.core.tasks import Provider
from autoscaler.core.units import AtLeast, AtMost, Duration


class Policy(Protocol):
    """What anyone may write: its options are its dataclass fields."""

    @property
    def needs(self) -> Sequence[Need]:
        """What must be known; a ``ClassVar`` will do where options do not change it."""

    def advise(self, seen: Observation) -> Advice:
        """Answer from the observation alone: no clock, no network, the same each time."""


class Combine(StrEnum):
    """How several wants become one."""

    MAX = "max"
    MIN = "min"
    SUM = "sum"
    FIRST = "first"

    def of(self, wants: list[int]) -> int:
        """One want from several; the list is never empty."""
        match self:
            case Combine.MAX:
                return max(wants)
            case Combine.MIN:
                return min(wants)
            case Combine.SUM:
                return sum(wants)
            case _:
                return wants[0]


@dataclass(frozen=True, slots=True)
class Fallback:
    """What a queue's policies are taken to want once its counts stay unknown."""

    want: Annotated[int, AtLeast(0)]
    """Tasks."""
    after_ticks: Annotated[int, AtLeast(1)] = 5
    """Ticks in a row without counts."""


@dataclass(frozen=True, slots=True)
class QueueRules:
    """The policies of one queue, by the names they have in records."""

    name: str
    policies: Mapping[str, Policy]
    combine: Combine = Combine.MAX
    when_unknown: Fallback | None = None
    confirm: int = 1
    """Readings in a row that must show a first message before it is believed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on a fleet. ``max_tasks`` holds whatever happens; the default is the blueprint's."""

    min_tasks: Annotated[int, AtLeast(0)] = 0
    """The fewest tasks, even with nothing to do."""
    max_tasks: Annotated[int, AtLeast(0)] = 10
    """The most tasks, starting ones included."""
    max_launches_per_tick: Annotated[int, AtLeast(1)] = 10
    """The most tasks that one tick launches; the rest wait for the next."""


@dataclass(frozen=True, slots=True)
class Spot:
    """How new tasks are split over the fleet's life between Spot and on-demand."""

    share: Annotated[float, AtLeast(0), AtMost(1)] = 0.0
    """Of tasks beyond the base, 0 to 1. None on Spot unless asked for."""
    on_demand_base: Annotated[int, AtLeast(0)] = 0
    """This many live tasks are on-demand before any is on Spot."""
    fallback: Literal["on_demand", "none"] = "on_demand"
    """What becomes of tasks that Spot has no capacity for: launched on demand, or left out."""
    patience: Duration = 0.0
    """Seconds a shortage may last before tasks fall back."""


@dataclass(frozen=True)
class FleetRules:
    """All that bounds and drives one fleet."""

    name: str
    queues: tuple[QueueRules, ...]
    limits: Limits = field(default_factory=Limits)
    combine: Combine = Combine.MAX
    spot: Spot = field(default_factory=Spot)
    on_demand: Provider = Provider.FARGATE
    service: ServiceRules | None = None
    """How the desired count of its service may change; None: its tasks drain and exit."""

    @cached_property
    def queue_names(self) -> frozenset[str]:
        """Of its queues."""
        return frozenset(queue.name for queue in self.queues)

    @cached_property
    def note_names(self) -> frozenset[str]:
        """Under which its policies' notes are kept: ``queue/policy``."""
        return frozenset(
            f"{each.name}/{policy}" for each in self.queues for policy in each.policies
        )


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of every fleet of one installation."""

    installation: str
    period: float
    """Seconds between regular ticks."""
    fleets: tuple[FleetRules, ...]
