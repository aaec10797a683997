"""Tells by its columns what a file holds."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from autoscaler.simulation.traces.errors import at_line
from autoscaler.simulation.traces.table import COUNTS, EVENTS, Kind

_TOLD = "name them arrival_s (and work_s) for one row a message, or t_s and count for one a bin"


def kind_of(path: Path, line: int, names: Collection[str]) -> Kind:
    """The kind of table that has these columns.

    Raises:
        TraceError: they are of none, or of both.
    """
    fits = [kind for kind in (EVENTS, COUNTS) if {kind.time, *kind.needs} <= set(names)]
    if len(fits) == 1:
        return fits[0]
    there = f"the columns are {', '.join(names)[:200] or 'none'}"
    raise at_line(path, line, f"{there}, which are no trace's: {_TOLD}")
