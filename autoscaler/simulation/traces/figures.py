"""What there is to know of a trace before one replays it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from autoscaler.simulation.trace import LONGEST_WORK, Floats
from autoscaler.simulation.traces.building import silence
from autoscaler.simulation.traces.errors import TraceError
from autoscaler.simulation.traces.fitting import Fit, fit, fits
from autoscaler.simulation.traces.table import Counts, Events, Table

POINTS = 60
"""Stretches of equal length that the picture of the rate has."""


@dataclass(frozen=True, slots=True)
class WorkFigures:
    """Seconds of one slot for a message, as recorded: before the clip at 12 h."""

    p50: float
    p99: float
    mean: float
    total: float
    over_12_h: int
    """Messages with more; SQS lets a message be worked on for 12 h."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One trace; None: the file does not tell."""

    trace: str
    kind: str
    """``events`` or ``counts``."""
    messages: int
    seconds: float
    starts_at: float
    """Seconds since the epoch."""
    bin_seconds: float
    """Of the finest bins below: a minute, or those of the counts if they are wider."""
    rate_per_minute_mean: float
    rate_per_minute_peak: float
    """In the fullest bin."""
    idc_1_minute: float | None
    """Variance over mean of messages in a bin: 1 for a Poisson process, more for bursts."""
    idc_10_minutes: float | None
    idle_share: float
    """Of the bins, those without an arrival."""
    cold_share: float | None
    """Of the messages, those that would find nothing in service if nobody ever waited: a fleet
    at zero that cannot foresee them makes them wait for a start-up."""
    work_seconds: WorkFigures | None
    work_fit: Fit | None
    """What deletions and messages in flight let one estimate, where work is not recorded."""
    rates_per_minute: tuple[float, ...]
    """Over the whole trace, in stretches of equal length."""
    peaks_per_minute: tuple[float, ...]
    """The fullest bin of each of those stretches."""
    notes: tuple[str, ...]


def figures(table: Table) -> Figures:
    """Count it all; a table of counts stays one, however many messages it tells of."""
    fine, width = _fine(table)
    about, messages = table.about, int(fine.sum())
    work = _work(table)
    parts = np.array_split(fine, min(POINTS, len(fine)))
    return Figures(
        trace=about.name,
        kind="events" if isinstance(table, Events) else "counts",
        messages=messages,
        seconds=about.seconds,
        starts_at=about.starts_at,
        bin_seconds=width,
        rate_per_minute_mean=messages / about.seconds * 60,
        rate_per_minute_peak=float(fine.max()) / width * 60,
        idc_1_minute=_idc(fine),
        idc_10_minutes=_idc(_summed(fine, int(600 // width))) if width <= 600 else None,
        idle_share=float((fine == 0).mean()),
        cold_share=_cold_share(table),
        work_seconds=None if work is None or not len(work) else _work_figures(work),
        work_fit=_fit(table),
        rates_per_minute=tuple(float(part.mean()) / width * 60 for part in parts),
        peaks_per_minute=tuple(float(part.max()) / width * 60 for part in parts),
        notes=(*about.notes, *(silence(table) if isinstance(table, Counts) else ())),
    )


def _fine(table: Table) -> tuple[Floats, float]:
    """Messages in each of the finest bins of the whole time, and their seconds."""
    width = max(60.0, table.width) if isinstance(table, Counts) else 60.0
    bins = max(1, int(np.ceil(table.about.seconds / width)))
    times = table.columns[table.kind.time]
    places = np.minimum((times // width).astype(np.int64), bins - 1)
    weights = table.counts if isinstance(table, Counts) else None
    return np.bincount(places, weights, minlength=bins).astype(np.float64), width


def _summed(fine: Floats, bins: int) -> Floats:
    """So many bins as one; the last may have fewer."""
    return np.add.reduceat(fine, np.arange(0, len(fine), bins))


def _idc(counts: Floats) -> float | None:
    """Index of dispersion for counts: variance over mean."""
    mean = float(counts.mean())
    return float(counts.var()) / mean if mean else None


def _work(table: Table) -> Floats | None:
    return table.work if isinstance(table, Events) else None


def _fit(table: Table) -> Fit | None:
    if isinstance(table, Events) or not fits(table):
        return None
    with suppress(TraceError):  # nothing was deleted: there is nothing to tell
        return fit(table)
    return None


def _cold_share(table: Table) -> float | None:
    work = _work(table)
    if work is None or not isinstance(table, Events) or not len(work):
        return None
    busy_until = np.maximum.accumulate(table.arrivals + work)
    return float(1 + (table.arrivals[1:] >= busy_until[:-1]).sum()) / len(work)


def _work_figures(work: Floats) -> WorkFigures:
    p50, p99 = np.percentile(work, (50, 99))
    return WorkFigures(
        p50=float(p50),
        p99=float(p99),
        mean=float(work.mean()),
        total=float(work.sum()),
        over_12_h=int((work > LONGEST_WORK).sum()),
    )
