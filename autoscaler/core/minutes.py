"""Datapoints of one metric over the newest minutes of a reading."""

from __future__ import annotations

from typing import Literal, TypeAlias

from autoscaler.core.model import Minute, Reading

LATE = 300.0
"""Seconds after which the newest datapoint tells nothing of now; most come within three minutes."""

Metric: TypeAlias = Literal["sent", "deleted", "oldest_age", "groups_in_flight"]


def in_a_row(reading: Reading, metric: Metric, now: float) -> list[Minute]:
    """The minutes with a datapoint of this metric, newest first, as far as none is missing.

    None where the newest is too old. Minutes after it may still be without theirs: metrics of one
    minute come at different times.
    """
    known = [one for one in reversed(reading.minutes) if getattr(one, metric) is not None]
    if not known or now - known[0].ends_at > LATE:
        return []
    return [one for n, one in enumerate(known) if known[0].ends_at - one.ends_at == 60.0 * n]
