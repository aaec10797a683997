"""PromQL for a row of the table: what its kind and its labels ask for.

Replicas tell the same of queues and fleets, one at each tick, so that of gauges the largest is
taken and counters are summed; workers each count for themselves.
"""

from __future__ import annotations

from autoscaler.telemetry.table import Row, worker

WINDOW = "[$__rate_interval]"
"""Grafana's: four scrapes at least, and more where a point stands for more."""


def latest(row: Row) -> str:
    """The newest value, by all its labels."""
    return f"max by ({_by(row)}) ({_selected(row)})" if row.labels else most(row)


def most(row: Row) -> str:
    """The largest of all newest values."""
    return f"max({_selected(row)})"


def least(row: Row) -> str:
    """The smallest of all newest values."""
    return f"min({_selected(row)})"


def whole(row: Row) -> str:
    """The newest values summed up, each counted once however many replicas tell it."""
    return f"sum({latest(row)})"


def replicas(row: Row) -> str:
    """How many tell it, by what they tell."""
    return f"count by ({_by(row)}) ({_selected(row)})"


def events(row: Row) -> str:
    """How many there were within a point of the graph."""
    return _summed(row, f"increase({_selected(row)}{WINDOW})")


def per_second(row: Row) -> str:
    """How fast it rises."""
    return _summed(row, f"rate({_selected(row)}{WINDOW})")


def shared_per_second(row: Row) -> str:
    """How fast a sum rises that all replicas share."""
    return f"max by ({_by(row)}) (rate({_selected(row)}{WINDOW}))"


def mean(row: Row) -> str:
    """Of what a histogram or a summary has seen lately, the mean."""
    sums, counts = (
        _summed(row, f"rate({_selected(row, end)}{WINDOW})") for end in ("_sum", "_count")
    )
    return f"{sums} / {counts}"


def quantile(row: Row, share: float) -> str:
    """Of what a histogram has seen lately, the value that this share stays below."""
    rates = f"sum by (le) (rate({_selected(row, '_bucket')}{WINDOW}))"
    return f"histogram_quantile({share:g}, {rates})"


def since(row: Row) -> str:
    """Seconds since the moment that it tells."""
    return f"time() - {latest(row)}"


def _summed(row: Row, rates: str) -> str:
    return f"sum by ({_by(row)}) ({rates})" if row.labels else f"sum({rates})"


def _by(row: Row) -> str:
    return ", ".join(row.labels)


def _selected(row: Row, end: str = "") -> str:
    """Its series, as the dashboard's choices have it; a worker's job is anybody's."""
    if row in worker.ROWS:
        return f'{row.name}{end}{{queue=~"$worker_queue"}}'
    chosen = [f'{label}=~"${label}"' for label in ("fleet", "queue") if label in row.labels]
    selectors = ", ".join(['job=~"$job"', *chosen])
    return f"{row.name}{end}{{{selectors}}}"
