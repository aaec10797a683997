"""Target tracking: keep a number at its target, out at once and in slowly.

For a number per task, such as a mean CPU of 60 %: want = ceil(running * value / target). For a
total that is shared out: want = ceil(value / target). As in AWS's target tracking and in
Kubernetes, where a number within 10 % of its target is left alone [HPA, tolerance].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, cast

from autoscaler.core import needs
from autoscaler.core.flaws import MOST
from autoscaler.core.laws import Law
from autoscaler.core.model import Advice, Observation
from autoscaler.core.needs import Need
from autoscaler.core.signals import CloudWatchExpression, CloudWatchMetric, HttpNumber, Signal
from autoscaler.core.units import AtLeast, AtMost, Duration, format_duration, rounded_up

_ONE_SOURCE = (
    "target_tracking takes one of metric, expression and http; "
    "write metric: {namespace: AWS/ECS, name: CPUUtilization, dimensions: {...}}"
)


@dataclass(frozen=True)
class TargetTracking:
    """Keeps a metric, a formula over metrics or a number from HTTP at its target.

    Tasks that are still starting bear no load, so a number per task is multiplied by those that
    run. With none running it measures nothing: what lives stays, and the first task is left to
    ``min_tasks``, to other policies and to the rule that no visible message is forgotten.
    """

    target: float
    """What a task should have: 60 for a mean CPU of 60 %, or its share of a total."""
    metric: CloudWatchMetric | None = None
    """The number, as a CloudWatch metric; this, ``expression`` or ``http``."""
    expression: CloudWatchExpression | None = None
    """The number, as a formula over CloudWatch metrics."""
    http: HttpNumber | None = None
    """The number, as an HTTP address tells it."""
    value: Literal["per_task", "total"] = "per_task"
    """What the number is: the same for every task, on average, or a sum to be shared out."""
    tolerance: Annotated[float, AtLeast(0), AtMost(0.5)] = 0.1
    """The number may be off its target by so much, 0 to 0.5, before anything changes."""
    scale_in_after: Duration = 300.0
    """Seconds for which fewer tasks must have been enough before one step in, and each next."""
    scale_in_step: Annotated[float, AtLeast(0.01), AtMost(1)] = 0.2
    """The share of the live tasks that one step gives up; one task at least."""

    laws: ClassVar = (Law.SIGNALS,)

    def __post_init__(self) -> None:
        """Refuse a target that nothing can be divided by, and more or fewer sources than one."""
        if not self.target > 0:
            raise ValueError("target must be more than 0")
        if [self.metric, self.expression, self.http].count(None) != 2:
            raise ValueError(_ONE_SOURCE)

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """The number; one per task is not needed while none runs, as it cannot be known then."""
        asked = needs.signal(self._source)
        if self.value == "total":
            return (asked,)
        return (
            Need(asked.what, lambda seen: asked.known(seen) or not _running(seen), asked.signal),
        )

    def advise(self, seen: Observation) -> Advice:
        """Want as many tasks as bring the number to its target."""
        bearing = _running(seen) if self.value == "per_task" else 1
        if not bearing:
            why = "No task is running, so there is nothing to measure"
            return _stay(seen, why, _cleared(seen))
        value = seen.signals[self._source.key] or 0.0
        need, why = bearing * value / self.target, self._why(value, bearing)
        if seen.live and abs(need - seen.live) <= self.tolerance * seen.live:
            return _stay(seen, f"{why}: about right", _cleared(seen))
        right = rounded_up(min(max(need, 0.0), MOST))
        if right < seen.live:
            return self._in(seen, right, why)
        return Advice(want=right, why=f"{why}: {right} wanted.", notes=_cleared(seen))

    def _why(self, value: float, bearing: int) -> str:
        if self.value == "total":
            return f"{value:.4g} to share out, {self.target:.4g} a task"
        return f"{value:.4g} for each of {bearing} running, where {self.target:.4g} is right"

    @cached_property
    def _source(self) -> Signal:
        return cast(Signal, self.metric or self.expression or self.http)

    def _in(self, seen: Observation, right: int, why: str) -> Advice:
        """One step towards fewer, if fewer have been enough for long enough."""
        since = _low_since(seen)
        low_for = seen.now - since
        if low_for < self.scale_in_after:
            why = f"{why}: {right} would do, for {format_duration(low_for)} now"
            return _stay(seen, why, _low(since, seen.now))
        step = max(1, int(seen.live * self.scale_in_step))
        want = max(right, seen.live - step)
        why = f"{why}: {right} would do; a step in, {want} wanted."
        return Advice(want=want, why=why, notes=_low(seen.now, seen.now))


def _stay(seen: Observation, why: str, notes: Mapping[str, Any] | None) -> Advice:
    return Advice(want=seen.live, why=f"{why}; {seen.live} live stay.", notes=notes)


def _running(seen: Observation) -> int:
    return seen.fleet.running if seen.fleet else 0


def _low_since(seen: Observation) -> float:
    """Since when fewer have been enough at every tick; two ticks without data begin anew."""
    notes = seen.notes or {}
    since, last = notes.get("low_since"), notes.get("low_at")
    if not isinstance(since, int | float) or not isinstance(last, int | float):
        return seen.now
    period = seen.next_tick_at - seen.tick
    unbroken = since <= last <= seen.now <= last + 2.5 * period  # ticks are not quite on time
    return float(since) if unbroken else seen.now


def _low(since: float, now: float) -> Mapping[str, Any]:
    return {"low_since": since, "low_at": now}


def _cleared(seen: Observation) -> Mapping[str, Any] | None:
    """Notes that say nothing; none at all where there were none, so that nothing is saved."""
    return {} if seen.notes else None
