"""The rows of the program: so much of the variables is at most that.

The variables stand one bin after another: first all of ``on``, then ``begun``, then ``done``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from autoscaler.simulation.bound.case import Case
from autoscaler.simulation.bound.grid import Grid
from autoscaler.simulation.trace import Floats, Integers

_LONGEST_WINDOW = 120
"""Bins. The work of a message with a wider window hardly matters beside what else is there."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A sparse matrix as triplets; its product with the variables is at most ``most``."""

    rows: Integers
    columns: Integers
    values: Floats
    most: Floats


def matrix_of(parts: list[Rows], columns: int) -> tuple[sparse.csr_matrix, Floats]:
    """All rows below each other, and their right sides."""
    heights = np.cumsum([0, *(len(part.most) for part in parts)])
    rows = np.concatenate([part.rows + top for part, top in zip(parts, heights, strict=False)])
    places = np.concatenate([part.columns for part in parts])
    values = np.concatenate([part.values for part in parts])
    matrix = sparse.csr_matrix((values, (rows, places)), shape=(heights[-1], columns))
    return matrix, np.concatenate([part.most for part in parts])


def always(grid: Grid, able: Floats) -> list[Rows]:
    """What holds in every bin; ``able``: the most slot-seconds that one task can do in each."""
    bins = grid.bins
    every = np.arange(bins)
    on, begun, done = every, every + bins, every + 2 * bins
    return [
        _sum((_step(on), _each(begun, -1.0)), bins),  # more tasks are on only if some began
        _sum((_each(on, -1.0), _last(begun, grid.kept)), bins),  # each stays its paid minute
        _sum((_step(done), _each(on, -able)), bins),  # work needs tasks
        _sum((_step(done, -1.0),), bins),  # what is done stays done
    ]


def each_starts(case: Case, grid: Grid) -> Rows:
    """Some task is on for every message.

    Either it was already when the message could be over at the earliest, or it begins after that
    and by the last moment at which the message may start.
    """
    at = grid.before(case.arrivals + case.work) - 1
    until = np.minimum(grid.until(case.arrivals + case.promise), grid.bins - 1)
    at, until = _tightest(at[at < until], until[at < until])
    on = _spans(np.maximum(at, 0), at + 1, -1.0)
    begun = _spans(at + 1 + grid.bins, until + 1 + grid.bins, -1.0)
    return _sum((on, begun), len(at), -1.0)


def each_runs(case: Case, grid: Grid) -> Rows:
    """Some task is on for as long as a message takes, within its window."""
    first, last = grid.before(case.arrivals), grid.until(case.ends)
    short = last - first <= _LONGEST_WINDOW
    windows = np.column_stack([first, last])[short]
    seen, place = np.unique(windows, axis=0, return_inverse=True)
    longest = np.zeros(len(seen))
    np.maximum.at(longest, place.ravel(), case.work[short])
    return _sum((_spans(seen[:, 0], seen[:, 1], -grid.width),), len(seen), -longest)


Triplets = tuple[Integers, Integers, Floats]


def _sum(parts: tuple[Triplets, ...], height: int, most: float | Floats = 0.0) -> Rows:
    """The parts of the same rows, put together."""
    rows, columns, values = (np.concatenate(of) for of in zip(*parts, strict=True))
    return Rows(rows, columns, values, np.broadcast_to(most, height).astype(np.float64))


def _each(columns: Integers, value: float | Floats) -> Triplets:
    """One column a row."""
    values = np.broadcast_to(value, len(columns)).astype(np.float64)
    return np.arange(len(columns)), columns, values


def _step(columns: Integers, sign: float = 1.0) -> Triplets:
    """A column less the one before."""
    rows, places, values = _each(columns, sign)
    return (
        np.concatenate([rows, rows[1:]]),
        np.concatenate([places, places[:-1]]),
        np.concatenate([values, -values[1:]]),
    )


def _last(columns: Integers, count: int) -> Triplets:
    """Row by row, the last so many columns."""
    ends = columns + 1
    return _spans(np.maximum(ends - count, columns[:1]), ends, 1.0)


def _spans(first: Integers, last: Integers, value: float) -> Triplets:
    """Row by row, the columns from ``first`` until before ``last``."""
    lengths = np.maximum(last - first, 0)
    before = np.cumsum(lengths) - lengths
    columns = np.arange(lengths.sum()) - np.repeat(before - first, lengths)
    return np.repeat(np.arange(len(first)), lengths), columns, np.full(len(columns), value)


def _tightest(at: Integers, until: Integers) -> tuple[Integers, Integers]:
    """Of intervals of bins, those that contain no other: they imply the rest."""
    order = np.lexsort((until, -at))
    least = np.minimum.accumulate(until[order])
    fresh = np.concatenate([[True], least[1:] < least[:-1]])[: len(order)]
    kept = order[fresh]
    return at[kept], until[kept]
