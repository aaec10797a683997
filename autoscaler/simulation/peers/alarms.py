"""CloudWatch alarms: a rule about the newest datapoints."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autoscaler.simulation.stage import MINUTE
from autoscaler.simulation.world import MinuteSeen

Point = float | None
"""A minute's datapoint; None: there is none."""


def points(
    minutes: Sequence[MinuteSeen], last: int, of: Callable[[MinuteSeen], Point]
) -> list[Point]:
    """A datapoint for each of ``last`` minutes up to the newest that is told; gaps are None."""
    told = {round(minute.ends_at / MINUTE): of(minute) for minute in minutes}
    newest = max(told, default=0)
    return [told.get(number) for number in range(newest - last + 1, newest + 1)]


def visible(minutes: Sequence[MinuteSeen], last: int) -> list[Point]:
    """ApproximateNumberOfMessagesVisible of the ``last`` minutes."""
    return points(minutes, last, lambda minute: minute.visible)


def breached(datapoints: Sequence[Point], count: int, breaches: Callable[[float], bool]) -> bool:
    """Whether the newest ``count`` datapoints are all there and all breach.

    An alarm that lacks data neither scales out nor in [Application Auto Scaling, target
    tracking: insufficient data].
    """
    newest = datapoints[-count:]
    return len(newest) == count and all(point is not None and breaches(point) for point in newest)


def highest(datapoints: Sequence[Point], minutes: int) -> Point:
    """The Maximum over a period of so many minutes; None: not one datapoint in it."""
    return max((point for point in datapoints[-minutes:] if point is not None), default=None)


def mean(datapoints: Sequence[Point], minutes: int) -> Point:
    """The Average over a period of so many minutes; None: not one datapoint in it."""
    there = [point for point in datapoints[-minutes:] if point is not None]
    return sum(there) / len(there) if there else None
