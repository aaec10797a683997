"""As much of AWS as a peer sees, told to it by hand: counts, minutes, tasks, what it asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from autoscaler.core.tasks import Provider
from autoscaler.simulation.world import (
    MOST_A_CALL,
    MinuteSeen,
    QueueCounts,
    RunTaskError,
    TaskCounts,
)


def counts(visible: int = 0, in_flight: int = 0) -> QueueCounts:
    return QueueCounts(visible, in_flight)


minute = partial(
    MinuteSeen,
    sent=0.0,
    deleted=0.0,
    received=0.0,
    empty_receives=0.0,
    visible=0.0,
    in_flight=0.0,
    oldest_age=None,
    busy_seconds=None,
)


@dataclass(slots=True)
class ToldAws:
    """Tasks that are launched or desired run at once."""

    counts: QueueCounts = field(default_factory=counts)
    running: int = 0
    starting: int = 0
    seen: list[MinuteSeen] = field(default_factory=list)
    launches: list[tuple[int, Provider]] = field(default_factory=list)
    resizes: list[tuple[int, bool]] = field(default_factory=list)
    refuses: bool = False

    def count(self) -> QueueCounts:
        return self.counts

    def minutes(self, last: int) -> list[MinuteSeen]:
        return self.seen[-last:]

    def tasks(self) -> TaskCounts:
        return TaskCounts(self.starting, self.running, self.running)

    def launch(self, count: int, provider: Provider = Provider.FARGATE) -> int:
        self.launches.append((count, provider))
        if count > MOST_A_CALL or self.refuses:
            raise RunTaskError("InvalidParameterException", "count must be from 1 to 10")
        self.running += count
        return count

    def set_desired(self, count: int, *, protect: bool) -> None:
        self.resizes.append((count, protect))
        self.running = count

    @property
    def launched(self) -> int:
        return sum(count for count, _ in self.launches)
