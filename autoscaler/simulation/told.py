"""What the simulated AWS tells those who ask it."""

from __future__ import annotations

from dataclasses import dataclass


class RunTaskError(Exception):
    """RunTask was turned away as a whole; ``code`` is ECS's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """What GetQueueAttributes tells."""

    visible: int
    in_flight: int
    delayed: int = 0


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """Living tasks that were not told to stop."""

    starting: int
    running: int
    desired: int
    """What a service was last set to; of a fleet that is none, those that live."""


@dataclass(frozen=True, slots=True)
class MinuteSeen:
    """One minute as CloudWatch tells it; None: no datapoint."""

    ends_at: float
    """Seconds since the trace's start."""
    sent: float
    deleted: float
    received: float
    empty_receives: float
    visible: float
    in_flight: float
    oldest_age: float | None
    busy_seconds: float | None
