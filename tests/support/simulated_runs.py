"""Runs made by hand: a few messages and tasks whose every figure can be worked out on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import nan
from typing import Any

import numpy as np

from autoscaler.core.tasks import Provider
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.run import PROVIDERS, Messages, Minutes, Run, TaskEnd, Tasks
from autoscaler.simulation.trace import Floats, Trace


@dataclass(frozen=True)
class Message:
    """One that arrived, was worked on and deleted; nan for what never happened."""

    arrival: float
    started: float = nan
    finished: float = nan
    work: float = 10.0
    receives: int = 1
    dead: bool = False


@dataclass(frozen=True)
class Task:
    """One from its launch to its end."""

    launched: float
    pull: float
    usable: float
    left: float
    provider: Provider = Provider.FARGATE
    end: TaskEnd = TaskEnd.LEFT
    busy: float = 0.0


@dataclass(frozen=True)
class Shape:
    """The rest of a run."""

    seconds: float = 600.0
    knobs: Knobs = field(default_factory=Knobs)
    api_calls: Mapping[str, int] = field(default_factory=dict)
    launch_failures: int = 0
    empty_receives: int = 0
    oldest_age: Sequence[float] = ()


def run_of(messages: Sequence[Message], tasks: Sequence[Task], shape: Shape | None = None) -> Run:
    """A run of these, in the order of their arrival and launch."""
    shape = shape or Shape()
    return Run(
        trace=trace_of(messages, shape.seconds),
        knobs=shape.knobs,
        subject="by-hand",
        seed=7,
        messages=Messages(
            _floats(messages, "started"),
            _floats(messages, "finished"),
            np.array([one.receives for one in messages], np.int32),
            np.array([one.dead for one in messages], np.bool_),
        ),
        tasks=_tasks(tasks),
        minutes=_minutes(shape),
        seconds=shape.seconds,
        ticks=5,
        api_calls=shape.api_calls,
        launch_failures=shape.launch_failures,
    )


def trace_of(messages: Sequence[Message], seconds: float) -> Trace:
    return Trace("hand", _floats(messages, "arrival"), _floats(messages, "work"), seconds)


def _tasks(tasks: Sequence[Task]) -> Tasks:
    return Tasks(
        *(_floats(tasks, name) for name in ("launched", "pull", "usable", "left")),
        provider=np.array([PROVIDERS.index(one.provider) for one in tasks], np.int8),
        end=np.array([one.end for one in tasks], np.int8),
        busy_seconds=_floats(tasks, "busy"),
    )


def _minutes(shape: Shape) -> Minutes:
    count = int(-(-shape.seconds // 60))
    columns: dict[str, Floats] = {
        name: np.zeros(count) for name in Minutes.__slots__ if name != "oldest_age"
    }
    columns["empty_receives"][0] = shape.empty_receives
    ages = np.full(count, nan)
    ages[: len(shape.oldest_age)] = shape.oldest_age
    return Minutes(**columns, oldest_age=ages)


def _floats(rows: Sequence[Any], name: str) -> Floats:
    return np.array([getattr(row, name) for row in rows], np.float64)
