"""Gathers rows into whole columns, up to a limit that keeps memory bounded."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from autoscaler.simulation.trace import Floats
from autoscaler.simulation.traces.errors import TraceError
from autoscaler.simulation.traces.table import Columns, Kind

MOST_ROWS = 10_000_000
"""Rows of a table, and messages of a trace. A replay needs about 100 bytes for each: 1 GB."""


def too_many(path: Path | str, most: int, what: str) -> TraceError:
    """The error for more than the limit."""
    return TraceError(
        f"{path} has more than {most:,} {what}, too many to replay at once; take a stretch of it "
        "with `autoscaler trace cut`, or a share with `autoscaler trace thin`"
    )


class Gathered:
    """Columns that grow."""

    def __init__(self, path: Path, most: int) -> None:
        self._path = path
        self._most = most
        self._pieces: list[Columns] = []
        self._rows = 0

    def add(self, columns: Columns) -> None:
        """Take more rows; raises TraceError when they become too many."""
        some = len(next(iter(columns.values())))
        self._rows += some
        if self._rows > self._most:
            raise too_many(self._path, self._most, "rows")
        if some:
            self._pieces.append(columns)

    def columns(self, kind: Kind) -> dict[str, Floats]:
        """Each column whole; of those that may be missing, the ones of which something is known."""
        needed = (kind.time, *kind.needs)
        if not self._pieces:
            return {name: np.empty(0) for name in needed}
        there = [name for name in kind.columns if name in self._pieces[0]]
        whole = {name: np.concatenate([some[name] for some in self._pieces]) for name in there}
        return {
            name: values
            for name, values in whole.items()
            if name in needed or not np.isnan(values).all()
        }
