"""The decisions of a run that changed something, with their reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from autoscaler.core.record import Record
from autoscaler.simulation.report.model import Decision
from autoscaler.simulation.run import Run, TaskEnd, Tasks


def decisions_of(run: Run) -> tuple[Decision, ...]:
    """Those our controller recorded; of a peer its launches and stops, as it gives no reasons."""
    if run.records:
        return tuple(_recorded(run.records, run.trace.starts_at))
    return tuple(_seen(run.tasks))


def thinned(decisions: Sequence[Decision], most: int) -> tuple[Decision, ...]:
    """At most so many: of each few in a row the one that changed most."""
    few = max(1, -(-len(decisions) // most))
    parts = (decisions[start : start + few] for start in range(0, len(decisions), few))
    return tuple(max(part, key=lambda each: abs(each.launched)) for part in parts)


def _recorded(records: Sequence[Record], starts_at: float) -> Iterator[Decision]:
    before: int | None = None
    for record in records:
        decided = record.decision
        if decided is None or decided.target is None:
            continue
        if record.launched or (before is not None and decided.target != before):
            reasons = (*decided.reasons, *record.reasons)
            texts = tuple(each.text for each in reasons)
            yield Decision(record.at - starts_at, decided.target, record.launched, texts)
        before = decided.target


def _seen(tasks: Tasks) -> Iterator[Decision]:
    stopped = tasks.left_at[tasks.end == TaskEnd.STOPPED]
    ended = np.sort(tasks.left_at[tasks.end != TaskEnd.ALIVE])
    launched = np.sort(tasks.launched_at)
    for at in np.union1d(launched, stopped):
        started = int(np.sum(launched == at))
        ordered = int(np.sum(stopped == at))
        live = np.searchsorted(launched, at, "right") - np.searchsorted(ended, at, "right")
        yield Decision(float(at), int(live), started - ordered, (_what(started, ordered),))


def _what(started: int, stopped: int) -> str:
    done = [f"launched {started}"] if started else []
    done += [f"stopped {stopped}"] if stopped else []
    return f"It {' and '.join(done)}; it tells no reason."
