"""What a report is written from: plain values, whoever measured them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autoscaler.core.cost import HOURS_A_MONTH
from autoscaler.simulation.scores import Scores
from autoscaler.simulation.trace import Floats


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a fleet that knows the future costs, if no message may wait longer than this."""

    promise_seconds: float
    bound_task_seconds: float
    """No schedule is cheaper."""
    clairvoyant_task_seconds: float
    """The cheapest schedule that was found; the true optimum lies between the two."""


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """How long messages waited for their start."""

    edges: Floats
    """Seconds, rising, one more than there are bins. The promise is one of them."""
    counts: NDArray[np.int64]
    never: int = 0
    """Messages that were never started."""


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """A run over time, in buckets of equal length; every array has one value for each."""

    step: float
    """Seconds of a bucket."""
    waiting_low: Floats
    """The fewest visible messages at any minute's end within the bucket."""
    waiting_high: Floats
    in_hand_high: Floats
    """The most messages in flight."""
    age_low: Floats
    """Seconds the oldest message had waited for its start; 0 while none waits."""
    age_high: Floats
    tasks: Mapping[tuple[str, str], Floats]
    """Tasks on the average of the bucket, by (provider, ``starting`` or ``running``)."""
    tasks_high: Floats
    """The most tasks at any moment of the bucket, whatever their provider and state."""

    def __len__(self) -> int:
        return len(self.tasks_high)


@dataclass(frozen=True, slots=True)
class Decision:
    """One moment at which a fleet was told to change."""

    at: float
    """Seconds since the trace's start."""
    target: int
    launched: int
    """Tasks that this decision launched; fewer than none: so many were told to stop."""
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """One policy, or one peer, and what it came to."""

    name: str
    scores: Scores
    money: Mapping[str, float]
    """US dollars over the whole trace, by provider, and ``control`` for requests and metrics; a
    provider without a known price is not in it."""
    waits: Waits
    timeline: Timeline | None = None
    decisions: tuple[Decision, ...] = ()
    decisions_made: int = 0
    """That changed something, those left out of ``decisions`` included."""
    configuration: str = ""
    """As text; empty where there is nothing to configure."""
    ours: bool = True
    """Whether it is a configuration of this autoscaler, rather than a peer it is compared with."""
    others: tuple[Scores, ...] = ()
    """Of the same subject with other seeds and phases."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one page tells."""

    title: str
    trace: str
    """The trace's name."""
    starts_at: float
    """Seconds since the epoch of the trace's start."""
    seconds: float
    """How long the trace is."""
    messages: int
    promise_seconds: float
    subjects: tuple[Subject, ...]
    dollars_per_task_second: float
    """On demand; what the curves are multiplied with."""
    curves: tuple[CurvePoint, ...] = ()
    world: str = ""
    """The world's knobs as text."""
    notes: tuple[str, ...] = ()
    """What else a reader must know, in sentences: what was clipped, thinned or modelled."""
    estimates: tuple[str, ...] = ()
    """Providers whose price is an estimate."""

    @property
    def months(self) -> float:
        """How many times the trace fits into a month."""
        return HOURS_A_MONTH * 3600.0 / self.seconds
