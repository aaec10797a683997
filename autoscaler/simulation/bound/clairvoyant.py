"""The cheapest schedule that is known of whoever knows everything."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autoscaler.core.cost import MINIMUM_SECONDS
from autoscaler.simulation.bound.case import Bill, Case, case_of
from autoscaler.simulation.bound.clusters import clusters
from autoscaler.simulation.bound.fitting import Load, Rule, fit
from autoscaler.simulation.bound.schedule import Schedule, check, schedule_of
from autoscaler.simulation.bound.squeezing import squeezed
from autoscaler.simulation.trace import Integers, Trace

WAITS = (0.0, 0.25, 0.5, 0.75, 1.0)
FRESH = (1.0, 0.7, 0.4)
"""New tasks are bought a little too gladly: what they have room for later is not in the price."""


def clairvoyant(
    trace: Trace,
    slots: int,
    promise: float,
    *,
    start_up_billed: float = 20.0,
    minimum: float = float(MINIMUM_SECONDS),
) -> Schedule:
    """The cheapest schedule found that starts every message within the promise, and is checked.

    Every cluster of the trace takes the cheapest of many ways to pack it. The arguments and errors
    are those of ``lower_bound``; the true optimum lies between the two.
    """
    case = case_of(trace, slots, promise, Bill(start_up_billed, minimum))
    starts, tasks = np.empty(len(case)), np.empty(len(case), np.int64)
    first = launched = 0
    for cluster in clusters(case):
        best = min(_candidates(cluster), key=lambda schedule: schedule.billed_seconds)
        span = slice(first, first + len(cluster))
        starts[span], tasks[span] = best.starts, best.tasks + launched
        first, launched = span.stop, launched + len(best.on)
    schedule = schedule_of(case, starts, tasks)
    check(case, schedule)
    return schedule


def _candidates(cluster: Case) -> Iterator[Schedule]:
    """Every way to pack that is tried."""
    for load in _loads(cluster):
        for rule in _rules(cluster):
            places = squeezed(cluster, fit(load, rule))
            yield schedule_of(cluster, places.starts, places.tasks)


def _loads(cluster: Case) -> Iterator[Load]:
    for order in _orders(cluster):
        rest = np.minimum.accumulate(cluster.arrivals[order][::-1])[::-1]
        yield Load(cluster.arrivals, cluster.work, order, np.ascontiguousarray(rest))


def _orders(cluster: Case) -> Iterator[Integers]:
    """As they arrive; and of those that may wait for each other, the shortest or longest first."""
    yield np.arange(len(cluster))
    if cluster.promise > 0 and len(cluster) > 1:
        together = np.floor((cluster.arrivals - cluster.arrivals[0]) / cluster.promise)
        yield np.lexsort((cluster.work, together))
        yield np.lexsort((-cluster.work, together))


def _rules(cluster: Case) -> Iterator[Rule]:
    start_up, minimum = cluster.bill.start_up, cluster.bill.minimum
    for wait in WAITS if cluster.promise > 0 else (0.0,):
        for early in (1.0, -1.0):
            for fresh in FRESH:
                yield Rule(cluster.slots, cluster.promise, start_up, minimum, wait, early, fresh)
