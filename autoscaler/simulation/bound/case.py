"""What is asked: messages, a task's slots, a promise, and the rule by which tasks are billed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from autoscaler.simulation.trace import Floats, Trace


@dataclass(frozen=True, slots=True)
class Bill:
    """What a task costs, in seconds. One more second on is one more second billed."""

    start_up: float
    """From the start of the image pull to the first receive."""
    minimum: float

    @property
    def free(self) -> float:
        """How long a task is usable before it costs more than the minimum."""
        return max(0.0, self.minimum - self.start_up)

    @property
    def gap(self) -> float:
        """Through a pause this long, leaving and starting anew is never dearer than staying."""
        return self.minimum + max(self.minimum, self.start_up)

    def of(self, usable: Floats) -> Floats:
        """Whole seconds for tasks that are usable so long [AWS Fargate pricing]."""
        return np.maximum(self.minimum, np.ceil(self.start_up + usable - ROUNDING))

    def at_least(self, seconds: float) -> float:
        """The smallest bill that is no less, the minimum being whole seconds; else as it is."""
        if not float(self.minimum).is_integer():
            return seconds
        return float(math.ceil(seconds - ROUNDING - 1e-6 * seconds))


ROUNDING = 1e-6
"""Seconds by which sums of floats may be off; a bill does not grow by a second for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Messages in the order of arrival, each to be started within ``promise`` of it."""

    arrivals: Floats
    work: Floats
    slots: int
    promise: float
    bill: Bill

    def __len__(self) -> int:
        return len(self.arrivals)

    @property
    def ends(self) -> Floats:
        """When each is done at the latest."""
        return self.arrivals + self.promise + self.work

    def part(self, first: int, last: int) -> Case:
        """The messages from ``first`` until before ``last``."""
        span = slice(first, last)
        return Case(self.arrivals[span], self.work[span], self.slots, self.promise, self.bill)


def case_of(trace: Trace, slots: int, promise: float, bill: Bill) -> Case:
    """The case of a trace.

    Raises:
        ValueError: an argument cannot be, or the trace does not tell how long messages take.
    """
    if trace.work is None:
        raise ValueError(
            f"trace {trace.name} does not tell how long its messages take, so nobody can say what "
            "they cost at least; give it work first: a constant, a distribution or a fitted one"
        )
    _check("slots", slots, least=1)
    _check("promise", promise, least=0)
    _check("start_up_billed", bill.start_up, least=0)
    _check("minimum", bill.minimum, least=0)
    return Case(trace.arrivals, trace.work, slots, float(promise), bill)


def _check(name: str, value: float, least: float) -> None:
    if not math.isfinite(value) or value < least:
        raise ValueError(f"{name} is {value}; it must be a number, {least} or more")
