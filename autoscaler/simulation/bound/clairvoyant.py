"""The cheapest schedule that is known of whoever knows everything."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

import numpy as np

from autoscaler.core.cost import MINIMUM_SECONDS
from autoscaler.simulation.bound.case import Bill, Case, case_of
from autoscaler.simulation.bound.clusters import clusters
from autoscaler.simulation.bound.fitting import Load, Places, Rule, fit
from autoscaler.simulation.bound.planning import plan
from autoscaler.simulation.bound.schedule import Schedule, check, schedule_of
from autoscaler.simulation.bound.squeezing import without_idling
from autoscaler.simulation.trace import Integers, Trace

WAITS = (0.0, 1.0, 0.5, 0.75, 0.25)
"""Shares of the promise after which a task begins."""
TASTES = tuple(product((1.0, -1.0), (1.0, 0.7, 0.4)))
"""How places that cost the same are told apart, and the weight of a new task's bill. One that is
bought a little too gladly pays off: what it has room for later is not in the price."""
STEPS = (0.01, 0.1)
"""Shares of the promise between the planner's ticks."""
MOST_PLACES = 2e9
"""Places that are looked at for a cluster; numba looks at some 10^8 a second."""
FEWEST_WAYS = 6


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
    """As many ways to pack as there is time for, those that help most often first."""
    ways = product(_tastes(cluster), _loads(cluster))
    for rule, load in islice(ways, _affordable(cluster)):
        yield _schedule(cluster, fit(load, rule))
    for step in STEPS if cluster.promise > 0 and len(cluster) > 1 else ():
        load, rule = next(iter(_loads(cluster))), next(_tastes(cluster))
        yield _schedule(cluster, plan(load, rule, step * cluster.promise))


def _schedule(cluster: Case, places: Places) -> Schedule:
    squeezed = without_idling(cluster, places)
    return schedule_of(cluster, squeezed.starts, squeezed.tasks)


def _affordable(cluster: Case) -> int:
    """How many ways to try. A message by itself leaves no choice."""
    if len(cluster) == 1:
        return 1
    at_once = cluster.work.sum() / max(1.0, float(np.ptp(cluster.arrivals)))
    return max(FEWEST_WAYS, int(MOST_PLACES / (len(cluster) * (1.0 + at_once))))


def _loads(cluster: Case) -> list[Load]:
    loads = []
    for order in _orders(cluster):
        rest = np.minimum.accumulate(cluster.arrivals[order][::-1])[::-1]
        loads.append(Load(cluster.arrivals, cluster.work, order, np.ascontiguousarray(rest)))
    return loads


def _orders(cluster: Case) -> Iterator[Integers]:
    """As they arrive; and of those that may wait for each other, the shortest or longest first."""
    yield np.arange(len(cluster))
    if cluster.promise > 0 and len(cluster) > 1:
        together = np.floor((cluster.arrivals - cluster.arrivals[0]) / cluster.promise)
        yield np.lexsort((cluster.work, together))
        yield np.lexsort((-cluster.work, together))


def _tastes(cluster: Case) -> Iterator[Rule]:
    start_up, minimum = cluster.bill.start_up, cluster.bill.minimum
    for early, fresh in TASTES:
        for wait in WAITS if cluster.promise > 0 else WAITS[:1]:
            yield Rule(cluster.slots, cluster.promise, start_up, minimum, wait, early, fresh)
