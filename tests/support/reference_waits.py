"""When messages start that are taken in the order of their arrival by so many servers.

Two ways that share nothing: Kiefer's and Wolfowitz's recursion, compiled where numba is there, and
a loop over events in plain Python.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    try:
        import numba  # noqa: PLC0415 - one of two ways to run the same lines
    except ImportError:
        return function
    return numba.njit(cache=True)(function)


@_compiled
def kiefer_wolfowitz(arrivals: Floats, work: Floats, servers: int) -> Floats:
    """Start of each: the vector of the times at which servers fall free is kept in order.

    J. Kiefer and J. Wolfowitz, On the theory of queues with many servers, 1955.
    """
    free = np.full(servers, -np.inf)
    starts = np.empty(len(arrivals))
    for each in range(len(arrivals)):
        starts[each] = max(arrivals[each], free[0])
        ends = starts[each] + work[each]
        at = 1
        while at < servers and free[at] < ends:
            free[at - 1] = free[at]
            at += 1
        free[at - 1] = ends
    return starts


def event_loop(arrivals: Sequence[float], work: Sequence[float], servers: int) -> list[float]:
    """Start of each: a calendar of arrivals and departures, a line, and a count of idle servers."""
    starts = [0.0] * len(arrivals)
    order = count()
    calendar = [(at, next(order), each, True) for each, at in enumerate(arrivals)]
    heapq.heapify(calendar)
    line: deque[int] = deque()
    idle = servers
    while calendar:
        now, _, each, arrived = heapq.heappop(calendar)
        if arrived:
            line.append(each)
        else:
            idle += 1
        while idle and line:
            first = line.popleft()
            idle -= 1
            starts[first] = now
            heapq.heappush(calendar, (now + work[first], next(order), first, False))
    return starts
