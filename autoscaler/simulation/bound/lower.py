"""No schedule of whoever knows everything costs less than this."""

from __future__ import annotations

from autoscaler.core.cost import MINIMUM_SECONDS
from autoscaler.simulation.bound.case import ROUNDING, Bill, Case, case_of
from autoscaler.simulation.bound.clusters import clusters
from autoscaler.simulation.bound.disjoint import disjoint_work
from autoscaler.simulation.bound.grid import grid, widths
from autoscaler.simulation.bound.program import program_bound
from autoscaler.simulation.trace import Trace

SOLVER_TOLERANCE = 1e-7
"""Relative: how far a solved program may be above its true optimum."""


def lower_bound(
    trace: Trace,
    slots: int,
    promise: float,
    *,
    start_up_billed: float = 20.0,
    minimum: float = float(MINIMUM_SECONDS),
) -> float:
    """Billed seconds that no fleet can do with less of, the future known or not.

    Args:
        trace: it must tell how long its messages take.
        slots: messages that a task can work on at a time.
        promise: seconds from a message's arrival within which each is started.
        start_up_billed: seconds from the image pull to the first receive.
        minimum: seconds that are billed for any task.

    Raises:
        ValueError: the trace has no work, or an argument cannot be.
    """
    case = case_of(trace, slots, promise, Bill(start_up_billed, minimum))
    return sum(cluster_bound(cluster) for cluster in clusters(case))


def cluster_bound(cluster: Case) -> float:
    """The best of several bounds, each true by itself, on one cluster's bill."""
    alone = cluster.bill.start_up + disjoint_work(cluster) - ROUNDING
    proven = max(cluster.bill.minimum, alone)
    if len(cluster) > 1:
        proven = max(proven, *(width_bound(cluster, width) for width in widths(cluster)))
    return cluster.bill.at_least(proven)


def width_bound(cluster: Case, width: float) -> float:
    """By the program on a grid of this width, less what the solver may be off."""
    solved = program_bound(cluster, grid(cluster, width))
    return solved * (1.0 - SOLVER_TOLERANCE) - ROUNDING
