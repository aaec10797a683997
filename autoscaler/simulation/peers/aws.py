"""What a peer needs of AWS, and how it launches and resizes."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from autoscaler.core.tasks import Provider
from autoscaler.simulation.stage import MINUTE
from autoscaler.simulation.world import (
    MOST_A_CALL,
    MinuteSeen,
    QueueCounts,
    RunTaskError,
    TaskCounts,
)

NEW_AT_MOST = 3
"""Minutes that can have come since a minute ago, and two to spare."""


class Aws(Protocol):
    """As much of the simulated AWS as peers use."""

    def count(self) -> QueueCounts:
        """GetQueueAttributes."""

    def minutes(self, last: int) -> Sequence[MinuteSeen]:
        """GetMetricData: the newest minutes that can be seen, oldest first."""

    def tasks(self) -> TaskCounts:
        """ListTasks and DescribeTasks."""

    def launch(self, count: int, provider: Provider = Provider.FARGATE) -> int:
        """RunTask: how many were accepted."""

    def set_desired(self, count: int, *, protect: bool) -> None:
        """UpdateService."""


def live(aws: Aws) -> int:
    """Tasks that are at work or will be."""
    tasks = aws.tasks()
    return tasks.starting + tasks.running


def calls(count: int) -> list[int]:
    """So many tasks in as few RunTask calls as can be."""
    full, rest = divmod(max(count, 0), MOST_A_CALL)
    return [MOST_A_CALL] * full + ([rest] if rest else [])


def launch(aws: Aws, count: int, provider: Provider = Provider.FARGATE) -> None:
    """Launch so many in calls of ten; what a refused call asked for is asked for no more."""
    for chunk in calls(count):
        with suppress(RunTaskError):
            aws.launch(chunk, provider)


@dataclass(slots=True)
class Service:
    """An ECS service whose desired count is set where it changes."""

    protect: bool
    """Whether tasks that are stopped may finish what they have in hand."""
    _desired: int | None = None

    def resize(self, aws: Aws, desired: int) -> None:
        """UpdateService, if this is another size than the last."""
        if desired != self._desired:
            aws.set_desired(desired, protect=self.protect)
            self._desired = desired


@dataclass(slots=True)
class Metrics:
    """CloudWatch's minutes, read once a minute by whoever looks more often than that."""

    last: int
    """How many of them count."""
    _seen: deque[MinuteSeen] = field(init=False)
    _read_at: float = -math.inf

    def __post_init__(self) -> None:
        """None is known yet."""
        self._seen = deque(maxlen=self.last)

    def minutes(self, aws: Aws, now: float) -> Sequence[MinuteSeen]:
        """The newest of them, oldest first, as they were up to a minute ago."""
        if now > self._read_at + MINUTE - 1:
            self._read_at = now
            newest = self._seen[-1].ends_at if self._seen else -math.inf
            told = aws.minutes(min(NEW_AT_MOST, self.last) if self._seen else self.last)
            self._seen.extend(minute for minute in told if minute.ends_at > newest)
        return self._seen


@dataclass(slots=True)
class Samples:
    """A number of tasks as it was sampled each minute, as Container Insights does."""

    _seen: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=60))

    def add(self, now: float, value: int) -> None:
        """Remember what is so now."""
        self._seen.append((now, value))

    def at(self, moment: float) -> int | None:
        """The newest sample of this moment or before; None: there was none yet."""
        return next((value for at, value in reversed(self._seen) if at <= moment), None)
