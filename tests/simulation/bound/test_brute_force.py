"""The bound, the optimum and the schedule found, on cases small enough to try everything."""

from __future__ import annotations

import numpy as np
import pytest
from support.tiny_schedules import optimum, random_case, tiny_trace

from autoscaler.simulation.bound import clairvoyant, lower_bound
from autoscaler.simulation.bound.case import Case

BLOCKS = 10
EACH = 100


def _between(case: Case, unit: float) -> tuple[float, float, float]:
    trace = tiny_trace(case.arrivals, case.work)
    bill = {"start_up_billed": case.bill.start_up, "minimum": case.bill.minimum}
    found = clairvoyant(trace, case.slots, case.promise, **bill).billed_seconds
    least = lower_bound(trace, case.slots, case.promise, **bill)
    return least, optimum(case, unit), found


@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_optimum_of_1000_tiny_cases_lies_between_bound_and_schedule(block: int) -> None:
    """Half of them in seconds, where bins are wide; half in tens, where they are narrow."""
    chance = np.random.default_rng(1000 + block)
    for number in range(EACH):
        unit = (1.0, 10.0)[number % 2]
        case = random_case(chance, unit)
        least, best, found = _between(case, unit)
        assert least <= best <= found, (case, least, best, found)


def test_the_bound_and_the_schedule_are_near_the_optimum_on_average() -> None:
    chance = np.random.default_rng(7)
    tight, good = [], []
    for _ in range(50):
        least, best, found = _between(random_case(chance, 10.0), 10.0)
        tight.append(least / best)
        good.append(found / best)
    assert np.mean(tight) > 0.95
    assert np.mean(good) < 1.02
