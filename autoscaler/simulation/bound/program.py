"""The linear program: what any schedule must satisfy, as an average over each bin of time.

Variables, one of each a bin: ``on``, the mean number of usable tasks; ``begun``, how many of them
begin; ``done``, the slot-seconds of work done by the bin's end. ``docs/bound.md`` shows why every
schedule gives values that satisfy every row, at no more than its bill.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from autoscaler.simulation.bound.case import Case
from autoscaler.simulation.bound.curves import area, same
from autoscaler.simulation.bound.grid import Grid
from autoscaler.simulation.bound.rows import always, each_runs, each_starts, matrix_of
from autoscaler.simulation.trace import Floats

MANY_VARIABLES = 20_000
"""Above so many the interior point method is faster than the dual simplex."""


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """What each variable lies between, and the most work that one task can do in a bin."""

    least_on: Floats
    least_done: Floats
    most_done: Floats
    most_work: Floats


def program_bound(case: Case, grid: Grid) -> float:
    """The program's optimum in billed seconds; nothing, should the solver give up."""
    limits = limits_of(case, grid)
    bins = grid.bins
    single = [each_starts(case, grid), *([each_runs(case, grid)] if case.slots > 1 else [])]
    matrix, sides = matrix_of([*always(grid, limits.most_work), *single], 3 * bins)
    price = np.repeat([grid.width, case.bill.start_up, 0.0], bins)
    least = np.concatenate([limits.least_on, np.zeros(bins), limits.least_done])
    most = np.concatenate([np.full(2 * bins, np.inf), limits.most_done])
    solved = linprog(
        price,
        A_ub=matrix,
        b_ub=sides,
        bounds=np.column_stack([least, most]),
        method="highs-ds" if len(price) <= MANY_VARIABLES else "highs-ipm",
    )
    return float(solved.fun) if solved.status == 0 else 0.0


def limits_of(case: Case, grid: Grid) -> Limits:
    """From the curves of work: what could be done by then, and what must be."""
    edges, ends = grid.edges, case.arrivals + case.work
    work = area(case.arrivals, ends, same)
    most_done = work.until(edges[1:])
    least_done = np.minimum(work.until(edges[1:] - case.promise), most_done)
    least_done[-1] = most_done[-1]
    must = ends > case.arrivals + case.promise
    running = area(
        case.arrivals[must] + case.promise, ends[must], lambda count: np.ceil(count / case.slots)
    )
    return Limits(
        least_on=np.diff(running.until(edges)) / grid.width,
        least_done=least_done,
        most_done=most_done,
        most_work=grid.width * np.minimum(case.slots, _possible(case, grid)),
    )


def _possible(case: Case, grid: Grid) -> Floats:
    """The most messages that may be in work at a time, in each bin."""
    begun = np.bincount(grid.before(case.arrivals), minlength=grid.bins + 1)
    over = np.bincount(grid.until(case.ends), minlength=grid.bins + 1)
    return np.cumsum(begun - over)[: grid.bins].astype(np.float64)
