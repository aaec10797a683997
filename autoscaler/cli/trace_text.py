"""The figures of a trace, for people."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from autoscaler.core.units import format_duration
from autoscaler.simulation.trace import MONDAY
from autoscaler.simulation.traces import Figures
from autoscaler.simulation.traces.picture import picture


def facts(figures: Figures) -> str:
    """All of them, with a picture of the rate over time."""
    rows = [f"{label:<9} {text}" for label, text in _rows(figures)]
    drawn = picture(figures.rates_per_minute, figures.seconds, blocks=_knows_blocks())
    return "\n".join([*rows, "", "messages a minute", *drawn])


def _rows(figures: Figures) -> Iterator[tuple[str, str]]:
    unit = format_duration(figures.bin_seconds)
    yield "trace", f"{figures.trace}, {figures.kind}"
    yield "messages", f"{figures.messages:,} in {format_duration(figures.seconds)}{_since(figures)}"
    mean, peak = figures.rate_per_minute_mean, figures.rate_per_minute_peak
    yield "rate", f"{mean:,.4g} a minute on average, {peak:,.4g} in the busiest {unit}"
    yield "bursts", f"variance over mean {_bursts(figures, unit)}; without bursts it is 1"
    yield "idle", f"{figures.idle_share:.1%} of the time nothing arrives, by bins of {unit}"
    if figures.cold_share is not None:
        yield "cold", f"{figures.cold_share:.1%} of messages would find nothing in service"
    yield "work", _work(figures)
    yield from (("note", note) for note in figures.notes)


def _since(figures: Figures) -> str:
    if figures.starts_at == MONDAY:
        return ""
    return datetime.fromtimestamp(figures.starts_at, UTC).strftime(", from %Y-%m-%d %H:%M UTC")


def _bursts(figures: Figures, unit: str) -> str:
    fine, coarse = figures.idc_1_minute, figures.idc_10_minutes
    told = [(fine, unit), (coarse, "10 min")]
    return ", ".join(f"{idc:,.3g} over {of}" for idc, of in told if idc is not None) or "unknown"


def _work(figures: Figures) -> str:
    if figures.work_fit:
        return figures.work_fit.sentence.removeprefix("Work: ").removesuffix(".")
    if figures.work_seconds is None:
        return "not told; a replay needs --work"
    work = figures.work_seconds
    p50, p99, mean, total = map(format_duration, (work.p50, work.p99, work.mean, work.total))
    over = f"; {work.over_12_h:,} above 12 h, clipped in a replay" if work.over_12_h else ""
    return f"p50 {p50}, p99 {p99}, mean {mean}, {total} in all{over}"


def _knows_blocks() -> bool:
    try:
        "█".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
