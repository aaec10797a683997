"""Several traces as one queue would see them together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autoscaler.simulation.trace import Floats, Trace
from autoscaler.simulation.traces.errors import TraceError


def merge(traces: Sequence[Trace]) -> Trace:
    """All messages in the order of their arrival, every trace from its own start.

    It begins when the first of them did, and is as long as the longest.

    Raises:
        TraceError: there is none, or only some tell the work of their messages.
    """
    if not traces:
        raise TraceError("there is no trace to merge; name one at least")
    arrivals = np.concatenate([trace.arrivals for trace in traces])
    order = np.argsort(arrivals, kind="stable")
    work = _work(traces)
    notes = dict.fromkeys(note for trace in traces for note in trace.notes)
    names = " and ".join(trace.name for trace in traces)
    return Trace(
        name="+".join(trace.name for trace in traces),
        arrivals=arrivals[order],
        work=None if work is None else work[order],
        seconds=max(trace.seconds for trace in traces),
        starts_at=traces[0].starts_at,
        notes=(*notes, f"Merged: {names}.") if len(traces) > 1 else tuple(notes),
    )


def _work(traces: Sequence[Trace]) -> Floats | None:
    works = [trace.work for trace in traces if trace.work is not None]
    if not works:
        return None
    if len(works) < len(traces):
        without = next(trace.name for trace in traces if trace.work is None)
        raise TraceError(f"{without} does not tell the work of its messages, and others do")
    return np.concatenate(works)
