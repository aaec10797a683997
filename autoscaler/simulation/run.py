"""What came of one run: a trace, through one controller, in one simulated world.

Times are seconds since the trace's start. Not a number stands for what never happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from autoscaler.core.cost import MINIMUM_SECONDS
from autoscaler.core.record import Record
from autoscaler.core.tasks import Provider
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.trace import Floats, Trace

PROVIDERS = (Provider.FARGATE, Provider.FARGATE_SPOT, Provider.EC2)
"""In the order of their numbers in ``Tasks.provider``."""


class TaskEnd(IntEnum):
    """How a task ended."""

    ALIVE = 0
    """It had not when the world ended."""
    LEFT = 1
    INTERRUPTED = 2
    """By Spot."""
    STOPPED = 3
    """By whoever scaled the fleet in."""
    FAILED = 4
    """It died before its first receive."""


@dataclass(frozen=True, slots=True, eq=False)
class Messages:
    """What became of each message, in the trace's order."""

    started_at: Floats
    """Of the first time that it was worked on."""
    finished_at: Floats
    """When it was deleted; never for a message that ended in the dead letters or was left."""
    receives: NDArray[np.int32]
    """How often it was handed out; each beyond the first is a duplicate."""
    dead: NDArray[np.bool_]
    """Whether it went to the dead letters."""


@dataclass(frozen=True, slots=True, eq=False)
class Tasks:
    """What became of each task, in the order of launch."""

    launched_at: Floats
    pull_at: Floats
    """Where its bill begins."""
    usable_at: Floats
    left_at: Floats
    """The world's end for those alive."""
    provider: NDArray[np.int8]
    end: NDArray[np.int8]
    busy_seconds: Floats
    """Slot-seconds of work, those lost to a kill included."""

    def __len__(self) -> int:
        return len(self.launched_at)

    @property
    def billed_seconds(self) -> Floats:
        """From the pull to the stop in whole seconds, a minute at least [AWS Fargate pricing].

        A task that was stopped before its pull began is not billed.
        """
        used = np.ceil(np.maximum(self.left_at - self.pull_at, 0.0))
        began = self.left_at > self.pull_at
        return np.where(began, np.maximum(used, float(MINIMUM_SECONDS)), 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Minutes:
    """What CloudWatch would know once it knew all: one row for each minute of the world."""

    sent: Floats
    deleted: Floats
    received: Floats
    empty_receives: Floats
    visible: Floats
    """At the minute's end, as are ``in_flight`` and ``oldest_age``."""
    in_flight: Floats
    oldest_age: Floats
    """Seconds; not a number while the queue is empty."""
    busy_seconds: Floats
    """Slot-seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One run, whole."""

    trace: Trace
    knobs: Knobs
    subject: str
    """Whose decisions these were: a configuration's or a peer's name."""
    seed: int
    messages: Messages
    tasks: Tasks
    minutes: Minutes
    seconds: float
    """How long the world went on."""
    ticks: int
    api_calls: Mapping[str, int] = field(default_factory=dict)
    """What the controller asked of AWS, by operation."""
    launch_failures: int = 0
    """Tasks that were asked for and not accepted."""
    records: tuple[Record, ...] = ()
    """Of our own controller's ticks, where they were kept."""
