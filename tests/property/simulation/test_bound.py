"""Whatever the trace: every grid's bound is below every schedule, and every schedule is right."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tiny_schedules import tiny_trace

from autoscaler.simulation.bound.case import Bill, Case, case_of
from autoscaler.simulation.bound.clairvoyant import clairvoyant
from autoscaler.simulation.bound.disjoint import disjoint_work
from autoscaler.simulation.bound.lower import width_bound
from autoscaler.simulation.bound.schedule import check

messages = st.lists(
    st.tuples(st.floats(0, 600), st.floats(0, 300, allow_subnormal=False)), min_size=1, max_size=12
)
bills = st.builds(Bill, st.floats(0, 90), st.sampled_from([0.0, 60.0, 61.5]))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    arrivals, work = np.array(draw(messages)).T
    slots, promise = draw(st.integers(1, 4)), draw(st.sampled_from([0.0, 7.5, 60.0, 400.0]))
    return case_of(tiny_trace(arrivals, work), slots, promise, draw(bills))


@settings(max_examples=60)
@given(cases(), st.floats(1.5, 150))
def test_the_bound_of_any_grid_is_no_dearer_than_a_schedule(case: Case, width: float) -> None:
    trace = tiny_trace(case.arrivals, case.work)
    bill = {"start_up_billed": case.bill.start_up, "minimum": case.bill.minimum}
    schedule = clairvoyant(trace, case.slots, case.promise, **bill)
    check(case, schedule)
    assert width_bound(case, width) <= schedule.billed_seconds
    assert disjoint_work(case) <= schedule.billed_seconds + 1e-6


@settings(max_examples=60)
@given(cases())
def test_nobody_pays_less_than_the_work_or_more_than_a_task_for_every_message(case: Case) -> None:
    trace = tiny_trace(case.arrivals, case.work)
    bill = {"start_up_billed": case.bill.start_up, "minimum": case.bill.minimum}
    paid = clairvoyant(trace, case.slots, case.promise, **bill).billed_seconds
    assert paid >= case.work.sum() / case.slots - 1e-6
    assert paid <= case.bill.of(case.work).sum() + 1e-6
