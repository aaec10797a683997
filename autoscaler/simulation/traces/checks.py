"""Looks through rows for values that no trace can have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autoscaler.simulation.trace import Floats
from autoscaler.simulation.traces.errors import at_line
from autoscaler.simulation.traces.head import LONGEST
from autoscaler.simulation.traces.table import Kind, Rows


def checked(path: Path, kind: Kind, found: Iterable[Rows]) -> Iterator[Rows]:
    """The same rows; raises TraceError at the first line that is wrong."""
    last = -np.inf
    for rows in found:
        _check_values(path, kind, rows)
        _check_times(path, kind, rows, last)
        last = rows.columns[kind.time][-1]
        yield rows


def _check_values(path: Path, kind: Kind, rows: Rows) -> None:
    for name, values in rows.columns.items():
        blank = np.isnan(values)
        if not (kind.blanks and name != kind.time):
            _refuse(path, rows, blank, f"{name} is empty or not a number; every row needs one")
        _refuse(path, rows, np.isinf(values), f"{name} is infinite")
        _refuse(path, rows, values < 0, f"{name} is {{0}}; it cannot be below 0", values)
    if "count" in rows.columns:
        counts = rows.columns["count"]
        _refuse(path, rows, counts % 1 > 0, "count is {0}; write whole messages", counts)


def _check_times(path: Path, kind: Kind, rows: Rows, last: float) -> None:
    times = rows.columns[kind.time]
    name = kind.time
    steps = np.diff(times, prepend=last)
    _refuse(path, rows, steps < 0, f"{name} falls to {{0}}; sort the rows by {name}", times)
    if not kind.repeats:
        _refuse(path, rows, steps == 0, f"{name} {{0}} is there twice; add their counts", times)
    since = "write seconds since the trace's start, ten years at most"
    _refuse(path, rows, times > LONGEST, f"{name} is {{0}}; {since}", times)


def _refuse(
    path: Path, rows: Rows, wrong: NDArray[np.bool_], what: str, values: Floats | None = None
) -> None:
    if wrong.any():
        place = int(np.argmax(wrong))
        shown = "" if values is None else f"{values[place]:.15g}"
        raise at_line(path, rows.lines[place], what.format(shown))
