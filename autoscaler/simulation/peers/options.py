"""What a user sets where a peer leaves it open; None is the peer's own default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from autoscaler.core.units import AtLeast, Duration

LEAST_WORK = 0.001
"""Seconds: nothing takes no time, and it can be divided by."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options of all peers; each takes those that it has. Durations are seconds."""

    max_tasks: Annotated[int, AtLeast(0)] | None = None
    """The most tasks; None: as the peer ships, which may be as few as one or two."""
    min_tasks: Annotated[int, AtLeast(0)] | None = None
    """The fewest tasks; None: as the peer ships."""
    queue_length: Annotated[int, AtLeast(1)] | None = None
    """Messages a task for those that share a depth out; None: as the peer ships."""
    slots: Annotated[int, AtLeast(1)] = 1
    """Messages that a task works on at a time, for those that reckon with work."""
    promise: Duration = 300.0
    """How long a message may wait, for those that ask for a latency."""
    mean_work: Duration = 30.0
    """Of one message on one slot, for those that ask how long processing takes."""
    start_up: Duration = 35.0
    """From launch to the first receive, for those that allow for it."""
    always_on: Annotated[int, AtLeast(0)] = 1
    """The size of a static fleet."""

    @property
    def message_every(self) -> float:
        """Seconds between two messages that a busy task is done with."""
        return max(self.mean_work, LEAST_WORK) / self.slots

    @property
    def acceptable_backlog(self) -> float:
        """Messages that may wait for each task so that all are kept in time.

        Acceptable latency over processing time [AWS, scaling based on SQS].
        """
        return self.promise / self.message_every

    def most(self, shipped: int) -> int:
        """The most tasks, of a peer that ships with ``shipped``."""
        return shipped if self.max_tasks is None else self.max_tasks

    def fewest(self, shipped: int) -> int:
        """The fewest tasks, of a peer that ships with ``shipped``."""
        return shipped if self.min_tasks is None else self.min_tasks

    def share(self, shipped: int) -> int:
        """Messages a task, of a peer that ships with ``shipped``."""
        return shipped if self.queue_length is None else self.queue_length
