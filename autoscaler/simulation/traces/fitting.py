"""Work per message, fitted to what CloudWatch tells of a queue: deletions, and what was in hand.

The mean is Little's law: the time that messages were in flight, over the deletions. It counts what
waits in a worker's hand too, so it errs high. Workers that publish their busy slot-seconds are
believed instead.

The spread is by moments over busy stretches, from idle to idle, whatever overlaps within them. Of
the work S and the deletions n of a stretch, the mean of (S - n·m)² is s² times the mean of n
[Wald's second equation: n is a stopping time], so s² is the sum of the one over the sum of the
other. CloudWatch sees messages in flight about once a minute, and a time of a whole number of
minutes and a fraction u of one more is then seen as a minute longer with the chance u: on average
that adds a variance of a sixth of a minute squared, which is taken off again. Work shorter than
two minutes cannot be told apart so, and is taken as exponential.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autoscaler.core.units import format_duration
from autoscaler.simulation.trace import Floats
from autoscaler.simulation.traces.errors import TraceError
from autoscaler.simulation.traces.table import Counts

LEAST_STRETCHES = 30
"""Busy stretches below which their spread says little: the error of a variance from 30 is 26 %."""
WIDEST = 5.0
"""The largest coefficient of variation believed."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A gamma distribution."""

    mean: float
    """Seconds."""
    cv: float
    sentence: str
    """How it was found."""


@dataclass(frozen=True, slots=True)
class _Minutes:
    """The history, with nothing where nothing is known."""

    work: Floats
    """Slot-seconds in each."""
    deleted: Floats
    exact: bool
    """Whether the work was published, and not seen once in a while."""


def fits(table: Counts) -> bool:
    """Whether there is what a fit needs."""
    columns = table.columns
    return "deleted" in columns and bool({"in_flight", "busy_s"} & columns.keys())


def fit(table: Counts) -> Fit:
    """The gamma distribution that fits.

    Raises:
        TraceError: nothing was deleted, or nothing was ever seen in flight.
    """
    minutes = _minutes(table)
    deleted, work = float(minutes.deleted.sum()), float(minutes.work.sum())
    if not deleted or not work:
        nothing = "in flight" if deleted else "deleted"
        raise TraceError(
            f"work cannot be fitted to {table.about.name}: nothing was {nothing} in it; name "
            "another work, such as 30s"
        )
    mean = work / deleted
    cv, how = _spread(minutes, mean, table.width)
    source = "busy slot-seconds" if minutes.exact else "messages in flight (Little's law)"
    return Fit(
        mean,
        cv,
        f"Work: drawn, gamma with mean {format_duration(mean)}, cv {cv:.2g}, fitted to "
        f"{deleted:,.0f} deletions and {source}; {how}.",
    )


def _minutes(table: Counts) -> _Minutes:
    """What is unknown was none: so AWS reports, and a bin without any figure counts neither way."""
    exact = "busy_s" in table.columns
    work = table.columns["busy_s"] if exact else table.columns["in_flight"] * table.width
    return _Minutes(
        work=np.nan_to_num(work, nan=0.0),
        deleted=np.nan_to_num(table.columns["deleted"], nan=0.0),
        exact=exact,
    )


def _spread(minutes: _Minutes, mean: float, width: float) -> tuple[float, str]:
    """The coefficient of variation, and where it is from."""
    if mean < 2 * width:
        return 1.0, "its spread is assumed, as such short work cannot be told apart"
    work, deleted = _stretches(minutes)
    if len(work) < LEAST_STRETCHES:
        return 1.0, f"its spread is assumed, as there are only {len(work)} busy stretches"
    variance = float(((work - deleted * mean) ** 2).sum() / deleted.sum())
    if not minutes.exact:
        variance -= width**2 / 6
    cv = min(np.sqrt(max(variance, 0.0)) / mean, WIDEST)
    return float(cv), f"its spread is that of {len(work):,} busy stretches"


def _stretches(minutes: _Minutes) -> tuple[Floats, Floats]:
    """Work and deletions of each run of busy bins that had a deletion."""
    busy = (minutes.work > 0) | (minutes.deleted > 0)
    begins = np.flatnonzero(busy & ~np.append(False, busy[:-1]))
    work, deleted = (np.add.reduceat(each, begins) for each in (minutes.work, minutes.deleted))
    return work[deleted > 0], deleted[deleted > 0]
