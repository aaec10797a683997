"""Datapoints of one metric over the newest minutes of a reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from autoscaler.core.model import Minute, Reading

LATE = 300.0
"""Seconds after which the newest datapoint tells nothing of now; most come within three minutes."""

Metric: TypeAlias = Literal["sent", "deleted", "oldest_age", "groups_in_flight"]


def in_a_row(reading: Reading, metric: Metric, most: int, now: float) -> list[Minute]:
    """Up to ``most`` minutes with a datapoint of this metric, newest first, with no gap.

    None where the newest is too old. Minutes after it may still be without theirs: metrics of one
    minute come at different times.
    """
    row: list[Minute] = []
    for minute in reversed(reading.minutes):
        if getattr(minute, metric) is None:
            continue
        if row and row[-1].ends_at - minute.ends_at != 60.0:
            break
        row.append(minute)
        if len(row) == most:
            break
    return row if row and now - row[0].ends_at <= LATE else []


def progress_since(start: float, readings: Mapping[str, Reading]) -> bool:
    """Whether a whole minute since then has seen deletions."""
    return any(_worked(minute, start) for one in readings.values() for minute in one.minutes)


def _worked(minute: Minute, start: float) -> bool:
    return bool(minute.deleted) and minute.ends_at - 60.0 >= start
