"""The optimum of tiny cases, by trying everything."""

from __future__ import annotations

import itertools

import numpy as np

from autoscaler.simulation.bound.case import Bill, Case
from autoscaler.simulation.trace import Floats, Trace


def tiny_trace(arrivals: Floats, work: Floats) -> Trace:
    """A trace of so many messages."""
    order = np.argsort(arrivals, kind="stable")
    arrivals = np.asarray(arrivals, float)[order]
    return Trace("tiny", arrivals, np.asarray(work, float)[order], float(arrivals.max(initial=0)))


def random_case(chance: np.random.Generator, unit: float) -> Case:
    """Two to five messages; all times are whole multiples of ``unit``, start-up and minimum too."""
    count = int(chance.integers(2, 6))
    arrivals = np.sort(chance.integers(0, 13, count)) * unit
    work = chance.integers(1, 9, count) * unit
    bill = Bill(float(chance.integers(0, 4)) * unit, float(chance.integers(0, 9)) * unit)
    promise = float(chance.integers(0, 6)) * unit
    return Case(arrivals, work, int(chance.integers(1, 4)), promise, bill)


def optimum(case: Case, unit: float) -> float:
    """The smallest bill there is.

    With whole times there is an optimal schedule with whole starts: given which message follows
    which, the starts are constrained by differences alone. So every start is tried for every group
    of messages that might share a task, and the cheapest way to split all messages into groups.
    """
    everything = (1 << len(case)) - 1
    alone = [_one_task(case, group, unit) for group in range(everything + 1)]
    best = [0.0] * (everything + 1)
    for group in range(1, everything + 1):
        best[group] = min(alone[part] + best[group ^ part] for part in _parts(group))
    return best[everything]


def _parts(group: int) -> list[int]:
    """The subsets of a group that hold its first message."""
    first = group & -group
    rest = [1 << bit for bit in range(group.bit_length()) if (group ^ first) >> bit & 1]
    chosen = itertools.chain.from_iterable(
        itertools.combinations(rest, size) for size in range(len(rest) + 1)
    )
    return [first + sum(some) for some in chosen]


def _one_task(case: Case, group: int, unit: float) -> float:
    """The smallest bill of one task that does a group of messages; infinite, if it cannot."""
    members = [bit for bit in range(len(case)) if group >> bit & 1]
    waits = unit * np.arange(round(case.promise / unit) + 1)
    choices = np.array(list(itertools.product(waits, repeat=len(members))))
    starts = case.arrivals[members] + choices
    ends = starts + case.work[members]
    at = starts[:, :, None]
    running = ((starts[:, None, :] <= at) & (at < ends[:, None, :])).sum(axis=2)
    possible = (running <= case.slots).all(axis=1)
    if not members or not possible.any():
        return np.inf
    usable = (ends.max(axis=1) - starts.min(axis=1))[possible].min()
    return float(case.bill.of(np.array([usable]))[0])
