"""Makes of a table what a simulation replays."""

from __future__ import annotations

import numpy as np

from autoscaler.core.units import format_duration
from autoscaler.simulation.trace import LONGEST_WORK, Floats, Trace
from autoscaler.simulation.traces.chance import Cause, stream
from autoscaler.simulation.traces.gathering import MOST_ROWS, too_many
from autoscaler.simulation.traces.table import Counts, Events, Table
from autoscaler.simulation.traces.work import Messages, Work, told_by


def trace_of(table: Table, *, seed: int = 0, work: Work | None = None) -> Trace:
    """Spread counts, give each message its work, and clip that at 12 h.

    Raises:
        TraceError: there are too many messages, or the work cannot be told so.
    """
    arrivals, notes = _arrivals(table, seed)
    model = work or told_by(table)
    seconds = None
    if model is not None:
        told = model.tell(Messages(table, len(arrivals), stream(seed, Cause.WORK)))
        seconds, clipped = _clipped(told.seconds)
        notes = (*notes, *told.notes, *clipped)
    about = table.about
    return Trace(
        name=about.name,
        arrivals=arrivals,
        work=seconds,
        seconds=about.seconds,
        starts_at=about.starts_at,
        notes=(*about.notes, *notes),
    )


def _arrivals(table: Table, seed: int) -> tuple[Floats, tuple[str, ...]]:
    if isinstance(table, Events):
        return table.arrivals, ()
    return spread(table, seed), (
        f"Spread: counts, evenly inside bins of {format_duration(table.width)}, seed {seed}.",
        *silence(table),
    )


def spread(table: Counts, seed: int) -> Floats:
    """An arrival for each message counted, at random inside its bin; raises TraceError."""
    counts = table.counts.astype(np.int64)
    total = int(counts.sum())
    if total > MOST_ROWS:
        raise too_many(table.about.name, MOST_ROWS, f"messages ({total:,})")
    ends = np.minimum(np.append(table.starts[1:], table.about.seconds), table.starts + table.width)
    widths = np.repeat(ends - table.starts, counts)
    inside = widths * stream(seed, Cause.SPREAD).random(total)
    return np.sort(np.repeat(table.starts, counts) + inside)


def silence(table: Counts) -> tuple[str, ...]:
    """What is to be said of stretches that nothing is known of."""
    steps = np.diff(table.starts, append=table.about.seconds) / table.width
    missing = float(np.maximum(steps - 1.0, 0.0).sum() + table.silent.sum())
    if missing < 1.0:
        return ()
    share = missing * table.width / table.about.seconds
    note = (
        f"Unknown: {missing:,.0f} bins ({share:.1%} of the time) have no figures at all, as when "
        "SQS takes a queue for inactive; no arrivals are assumed there."
    )
    return (note,)


def _clipped(work: Floats) -> tuple[Floats, tuple[str, ...]]:
    long = work > LONGEST_WORK
    if not long.any():
        return work, ()
    lost = float((work[long] - LONGEST_WORK).sum() / work.sum())
    of = float(work[long].sum() / work.sum())
    note = (
        f"Clipped: {int(long.sum()):,} of {len(work):,} messages, with {of:.0%} of all work, take "
        f"more than the 12 h that SQS allows; {lost:.0%} of all work is cut off."
    )
    return np.minimum(work, LONGEST_WORK), (note,)
