"""Where the options of each policy, and those of a fleet, are searched: one table each.

A policy's options that are not in its line keep their defaults. Times go with the promise, shares
of a task with how many messages it can do within the promise, and tasks with the trace's peak.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from autoscaler.core.errors import ConfigurationError
from autoscaler.core.rules import Limits
from autoscaler.simulation.scores.elastic import demand
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.tune.dimensions import AgeLadder, Dimension, Given, OneOf, Time, Whole

Space = Mapping[str, Dimension]

_LEAST_WORK = 0.001
"""Seconds; policies take no work of 0."""
_MOST_MESSAGES = 100_000
"""For each task; more is one task for whatever comes."""
_MOST_TASKS = 1_000
"""A fifth of what a cluster's service may have [ECS service quotas]; more is asked for by hand."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How large things are at this queue."""

    promise: float
    """Seconds."""
    work: float
    """Mean seconds of one slot for one message."""
    slots: int
    load: int
    """Tasks that the work keeps busy on average; with fewer, the queue grows without end."""
    peak: int
    """Tasks that would be at work at the busiest moment if no message ever waited."""

    @property
    def messages(self) -> int:
        """That a task gets done within the promise."""
        within = self.slots * self.promise / self.work
        return max(1, min(_MOST_MESSAGES, math.ceil(within)))


def scale_of(trace: Trace, promise: float, slots: int) -> Scale:
    """As large as they are in a trace that has messages and tells their work."""
    work = np.zeros(1) if trace.work is None else trace.work
    return Scale(
        promise=promise,
        work=max(_LEAST_WORK, float(f"{work.mean():.3g}")),
        slots=slots,
        load=math.ceil(work.sum() / slots / trace.seconds),
        peak=int(demand(trace, slots).count.max(initial=1)),
    )


def policies(scale: Scale) -> Mapping[str, Space]:
    """The table of the policies that can be searched."""
    wait = Time(max(1.0, scale.promise / 20), 2 * scale.promise)
    work = Given(f"{scale.work:g}s")  # who has to learn it first wants no first task
    slots = Given(scale.slots if scale.slots > 1 else None)
    late = Time(min(60.0, scale.promise), max(60.0, scale.promise))
    return {
        "depth": {"messages_per_task": Whole(1, 2 * scale.messages)},
        "backlog": {"acceptable_wait": wait, "work": work, "slots": slots},
        "drain_rate": {"drain_within": wait, "work": work, "slots": slots},
        "age_steps": {
            "steps": AgeLadder(late, Whole(1, 10), most=3),
            "breaches": Whole(1, 3),
            "cooldown": Time(60.0, 600.0),
        },
    }


def fleet(scale: Scale, least: int) -> Space:
    """The table of what bounds a fleet, whose ``min_tasks`` is given."""
    floor = max(1, least, scale.load)
    most = max(Limits().max_tasks, min(scale.peak, _MOST_TASKS), floor)
    return {
        "period": OneOf(("30s", "1m", "2m", "5m")),
        "max_tasks": Whole(floor, most),
        "max_launches_per_tick": Whole(Limits().max_launches_per_tick, most),
    }


def allowed(names: tuple[str, ...], table: Mapping[str, Space]) -> Mapping[str, Space]:
    """Only those that were named; all, if none was.

    Raises:
        ConfigurationError: one of the names is not in the table.
    """
    for name in names:
        if name not in table:
            there = ", ".join(table)
            raise ConfigurationError(f"--policy {name}: it is not searched; there are {there}")
    return {name: space for name, space in table.items() if not names or name in names}
