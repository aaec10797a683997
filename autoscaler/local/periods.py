"""When metrics are published, and the minute a publication's datapoints carry. In epoch seconds."""

from __future__ import annotations


def next_due(now: float, period: float) -> float:
    """Return the next whole multiple of the period after now."""
    return (now // period + 1) * period


def minute_of(due: float, period: float) -> float:
    """Return the minute in which the period that ends at `due` began."""
    return (due - period) // 60 * 60
