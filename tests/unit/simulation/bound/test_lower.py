"""What the bound is where it is known by hand."""

from __future__ import annotations

import numpy as np
import pytest
from support.tiny_schedules import tiny_trace

from autoscaler.simulation.bound import clairvoyant, lower_bound
from autoscaler.simulation.bound.case import Bill, Case, case_of
from autoscaler.simulation.bound.clusters import clusters
from autoscaler.simulation.bound.disjoint import disjoint_work
from autoscaler.simulation.trace import Trace


def _case(arrivals: list[float], work: list[float], promise: float = 0.0) -> Case:
    return case_of(tiny_trace(np.array(arrivals), np.array(work)), 1, promise, Bill(20.0, 60.0))


def test_a_message_by_itself_costs_its_work_and_a_start_up() -> None:
    assert lower_bound(tiny_trace(np.array([5.0]), np.array([100.0])), 1, 30.0) == 120.0


def test_a_short_message_by_itself_costs_the_minimum() -> None:
    assert lower_bound(tiny_trace(np.array([5.0]), np.array([0.5])), 4, 30.0) == 60.0


def test_part_of_a_second_is_a_whole_one() -> None:
    trace = tiny_trace(np.array([0.0]), np.array([50.25]))
    assert lower_bound(trace, 1, 0.0) == clairvoyant(trace, 1, 0.0).billed_seconds == 71.0


def test_nothing_costs_nothing() -> None:
    nothing = tiny_trace(np.empty(0), np.empty(0))
    assert lower_bound(nothing, 1, 60.0) == 0.0
    assert clairvoyant(nothing, 1, 60.0).billed_seconds == 0.0


def test_messages_at_once_that_may_not_wait_need_a_task_each() -> None:
    trace = tiny_trace(np.zeros(6), np.full(6, 100.0))
    assert lower_bound(trace, 1, 0.0) == clairvoyant(trace, 1, 0.0).billed_seconds == 720.0
    assert lower_bound(trace, 3, 0.0) == clairvoyant(trace, 3, 0.0).billed_seconds == 240.0


def test_messages_that_may_wait_share_one_start_up() -> None:
    trace = tiny_trace(np.zeros(6), np.full(6, 100.0))
    assert lower_bound(trace, 1, 500.0) == clairvoyant(trace, 1, 500.0).billed_seconds == 620.0


def test_far_apart_every_cluster_pays_for_itself() -> None:
    case = _case([0.0, 10.0, 1000.0], [30.0, 5.0, 40.0])
    assert [len(cluster) for cluster in clusters(case)] == [2, 1]
    trace = tiny_trace(case.arrivals, case.work)
    assert lower_bound(trace, 2, 0.0) == 60.0 + 60.0
    assert lower_bound(trace, 1, 0.0) == 60.0 + 60.0 + 60.0


def test_near_enough_that_staying_could_pay_messages_are_one_cluster() -> None:
    assert len(list(clusters(_case([0.0, 149.0], [30.0, 30.0])))) == 1
    assert len(list(clusters(_case([0.0, 150.0], [30.0, 30.0])))) == 2


def test_work_in_windows_apart_cannot_overlap() -> None:
    case = _case([0.0, 0.0, 100.0, 250.0], [40.0, 90.0, 30.0, 10.0], promise=50.0)
    assert disjoint_work(case) == 90.0 + 10.0


def test_a_longer_promise_is_never_dearer_and_more_slots_are_never_dearer() -> None:
    chance = np.random.default_rng(3)
    trace = tiny_trace(np.sort(chance.uniform(0, 2000, 40)), chance.gamma(2, 15, 40))
    by_promise = [lower_bound(trace, 2, promise) for promise in (0.0, 30.0, 120.0, 600.0)]
    assert by_promise == sorted(by_promise, reverse=True)
    by_slots = [lower_bound(trace, slots, 30.0) for slots in (1, 2, 4, 8)]
    assert by_slots == sorted(by_slots, reverse=True)


def test_a_trace_without_work_is_told_what_to_do() -> None:
    trace = Trace("orders", np.zeros(1), None, 0.0)
    with pytest.raises(ValueError, match=r"trace orders does not tell .* give it work first"):
        lower_bound(trace, 1, 60.0)
    with pytest.raises(ValueError, match="give it work first"):
        clairvoyant(trace, 1, 60.0)


@pytest.mark.parametrize(
    ("slots", "promise", "start_up", "wrong"),
    [(0, 60.0, 20.0, "slots"), (1, -1.0, 20.0, "promise"), (1, float("nan"), 20.0, "promise")],
)
def test_arguments_that_cannot_be_are_refused_by_name(
    slots: int, promise: float, start_up: float, wrong: str
) -> None:
    trace = tiny_trace(np.zeros(1), np.ones(1))
    with pytest.raises(ValueError, match=f"^{wrong} is "):
        lower_bound(trace, slots, promise, start_up_billed=start_up)
