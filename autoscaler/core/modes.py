"""The two modes of a queue: an always-on service polls it, or messages have tasks started."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from autoscaler.core.units import AtLeast, Filled
from autoscaler.core.wallclock import TimeZone, shown, zone_of
from autoscaler.core.windows import Season, Window, window


class Mode(StrEnum):
    """Who works on a queue."""

    DIRECT = "direct"  # the always-on service polls
    QUEUED = "queued"  # a Lambda event source mapping, or this controller, starts tasks


@dataclass(frozen=True, slots=True)
class Shape:
    """What the service is in one mode. What is left out stays as it is."""

    desired: Annotated[int, AtLeast(0)] | None = None
    """Its desired count of tasks."""
    cpu: Annotated[int, AtLeast(128)] | None = None
    """CPU units of a task, 1024 a vCPU."""
    memory: Annotated[int, AtLeast(1)] | None = None
    """MiB of a task."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables of its container, over those of its task definition."""

    @property
    def sized(self) -> bool:
        """Whether it asks for anything of the task definition."""
        return bool(self.cpu or self.memory or self.environment)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a queue is in direct mode; outside of these dates it is in queued mode."""

    direct: Annotated[tuple[Season, ...], Filled('dates such as [{from: "12-01", to: "01-06"}]')]
    """First and last day of each season, both included, from midnight to midnight."""
    timezone: TimeZone = "UTC"
    """Whose midnight."""

    def mode(self, at: float) -> Mode:
        """The mode of this second."""
        return Mode.DIRECT if any(one.is_open(at) for one in self._windows()) else Mode.QUEUED

    def changes(self, at: float, until: float) -> Iterator[tuple[float, Mode]]:
        """Each second after `at`, and before `until`, from which the other mode holds."""
        mode = self.mode(at)
        while (at := self._next(at)) < until:
            if self.mode(at) is not mode:
                mode = self.mode(at)
                yield at, mode

    def wall(self, at: float) -> str:
        """What calendar and clock show there."""
        return shown(at, zone_of(self.timezone))

    def new_year(self, year: int) -> float:
        """The first second of a year there."""
        return datetime(year, 1, 1, tzinfo=zone_of(self.timezone)).timestamp()

    def _next(self, at: float) -> float:
        moments = [one.changes_after(at) for one in self._windows()]
        return min([moment for moment in moments if moment is not None], default=float("inf"))

    def _windows(self) -> list[Window]:
        return [window("mon-sun", "00:00", "24:00", self.timezone, one) for one in self.direct]


def _none() -> Shape:
    return Shape(desired=0)


@dataclass(frozen=True, slots=True)
class Modes:
    """How a queue changes between a service that polls it and tasks that are started for it."""

    service: str
    """Name of the ECS service that polls in direct mode."""
    direct: Shape
    """What the service is while it polls."""
    queued: Shape = field(default_factory=_none)
    """What the service is in queued mode: no task, unless it `keeps_http`."""
    keeps_http: bool = False
    """Whether the service answers HTTP as well: it stays up in queued mode and is re-rolled.

    Its environment then tells it whether to poll.
    """
    cluster: str | None = None
    """The service's; None: the fleet's."""
    container: str | None = None
    """Of the service, which polls and gets the environment; None: named as the fleet's is."""
    function: str | None = None
    """Name of the Lambda function whose event source mapping works in queued mode.

    None: this controller starts the fleet's tasks then.
    """
    season: Calendar | None = None
    """When which mode holds, for `autoscaler mode follow`; None: people say."""

    def __post_init__(self) -> None:
        problem = _of_http(self) if self.keeps_http else _of_none(self)
        if problem:
            raise ValueError(problem)

    @property
    def sized(self) -> bool:
        """Whether any mode asks for anything of the task definition."""
        return self.direct.sized or self.queued.sized

    def shape(self, mode: Mode) -> Shape:
        """What the service is in a mode."""
        return self.direct if mode is Mode.DIRECT else self.queued


def _of_none(modes: Modes) -> str | None:
    """What is wrong with modes between which the service comes and goes."""
    if not modes.direct.desired:
        return "direct needs desired, at least 1: how many tasks of the service poll the queue"
    if modes.queued != _none():
        return (
            "without keeps_http the service has no task in queued mode: leave queued out, or set "
            "keeps_http: true"
        )
    return None


def _of_http(modes: Modes) -> str | None:
    """What is wrong with modes between which the service stays up."""
    direct, queued = modes.direct, modes.queued
    if direct.desired == 0 or queued.desired == 0:
        return (
            "a service that keeps_http has at least 1 task in both modes: give queued as well, "
            "with desired left out or at least 1"
        )
    for name in ("desired", "cpu", "memory"):
        if (getattr(direct, name) is None) is not (getattr(queued, name) is None):
            return f"give {name} in both modes or in none: what only one sets would stay"
    if direct.environment.keys() != queued.environment.keys():
        return "give the same variables in both modes: what only one sets would stay"
    if direct.environment == queued.environment:
        return (
            "the service would poll in queued mode, too: give both modes an environment that "
            "tells it whether to, such as POLL: yes and POLL: no"
        )
    return None
