"""Rows of the program that single messages add to what all of them need together."""

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
    """``matrix`` times the variables is at most ``most``, row by row."""

    matrix: sparse.spmatrix
    most: Floats


def each_starts(case: Case, grid: Grid) -> Rows:
    """Some task is on for every message.

    Either it was already when the message could be over at the earliest, or it begins after that
    and by the last moment at which the message may start.
    """
    at = grid.before(case.arrivals + case.work) - 1
    until = np.minimum(grid.until(case.arrivals + case.promise), grid.bins - 1)
    at, until = _tightest(at[at < until], until[at < until])
    on = _spans(np.maximum(at, 0), at + 1, grid.bins)
    begun = _spans(at + 1, until + 1, grid.bins)
    none = sparse.csr_matrix(on.shape)
    return Rows(sparse.hstack([-on, -begun, none]), np.full(len(at), -1.0))


def each_runs(case: Case, grid: Grid) -> Rows:
    """Some task is on for as long as a message takes, within its window."""
    first, last = grid.before(case.arrivals), grid.until(case.ends)
    short = last - first <= _LONGEST_WINDOW
    windows = np.column_stack([first, last])[short]
    seen, place = np.unique(windows, axis=0, return_inverse=True)
    longest = np.zeros(len(seen))
    np.maximum.at(longest, place.ravel(), case.work[short])
    on = _spans(seen[:, 0], seen[:, 1], grid.bins)
    none = sparse.csr_matrix(on.shape)
    return Rows(sparse.hstack([-grid.width * on, none, none]), -longest)


def _tightest(at: Integers, until: Integers) -> tuple[Integers, Integers]:
    """Of intervals of bins, those that contain no other: they imply the rest."""
    order = np.lexsort((until, -at))
    least = np.minimum.accumulate(until[order])
    fresh = np.concatenate([[True], least[1:] < least[:-1]])[: len(order)]
    kept = order[fresh]
    return at[kept], until[kept]


def _spans(first: Integers, last: Integers, columns: int) -> sparse.csr_matrix:
    """Rows of ones, each from its ``first`` column until before its ``last``."""
    lengths = np.maximum(last - first, 0)
    pointers = np.concatenate([[0], np.cumsum(lengths)])
    places = np.arange(pointers[-1]) - np.repeat(pointers[:-1] - first, lengths)
    ones = np.ones(len(places))
    return sparse.csr_matrix((ones, places, pointers), shape=(len(first), columns))
