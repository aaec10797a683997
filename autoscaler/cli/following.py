"""A subject of a simulation whose looks are told, so that a long run shows how far it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from autoscaler.simulation.compare.subjects import Subject, Task
from autoscaler.simulation.drivers import Driver
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.world import SimulatedAws

Tell = Callable[[float], None]
"""Takes the seconds that have passed since the trace's start."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Decides as the subject does."""

    subject: Subject
    tell: Tell

    @property
    def name(self) -> str:
        """The subject's."""
        return self.subject.name

    def driver(self, task: Task) -> Driver:
        """The subject's, which tells of its looks."""
        return _Telling(self.subject.driver(task), self.tell)

    def knobs(self, task: Task) -> Knobs:
        """The subject's world."""
        return self.subject.knobs(task)

    def told(self) -> Mapping[str, Any]:
        """All that the subject's decisions depend on."""
        return self.subject.told()


class _Telling:
    def __init__(self, driver: Driver, tell: Tell) -> None:
        self.period = driver.period
        self._driver, self._tell = driver, tell

    def act(self, aws: SimulatedAws, now: float) -> float | None:
        self._tell(now)
        return self._driver.act(aws, now)
