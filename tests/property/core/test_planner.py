"""The planner's need moves the way it must with each of the things it rests on, and is finite."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from support.values import NOW

from autoscaler.core.planner import Capacity, needed, ranks

PROMISE = 300.0
ahead = st.floats(0, 600)
lots = st.lists(st.tuples(st.floats(-3600, 0), st.floats(0, 1e6)), max_size=8).map(
    lambda found: [(NOW + age, count) for age, count in sorted(found)]
)
coming = st.lists(st.tuples(ahead, st.integers(1, 50)), max_size=5).map(
    lambda found: tuple((NOW + wait, tasks) for wait, tasks in sorted(found))
)
capacities = st.builds(
    Capacity,
    now=st.just(NOW),
    slots=st.integers(1, 20),
    work=st.floats(0.01, 1e5),
    in_flight=st.floats(0, 1e4),
    usable=coming,
)


def need(there, waiting, promise=PROMISE, wait=40.0):
    return needed(there, ranks(waiting, promise), NOW + wait)


@given(capacities, lots, st.floats(0, 1e6), st.integers(0, 7))
def test_more_backlog_never_needs_fewer_tasks(there, waiting, more, n):
    grown = list(waiting)
    if grown:
        arrived, count = grown[n % len(grown)]
        grown[n % len(grown)] = (arrived, count + more)
    assert need(there, waiting) <= need(there, [*grown, (NOW, more)])


@given(capacities, lots, ahead)
def test_a_looser_promise_never_needs_more(there, waiting, looser):
    assert need(there, waiting, PROMISE + looser) <= need(there, waiting)


@given(capacities, lots, ahead, ahead)
def test_tasks_that_are_usable_earlier_are_never_more_where_no_deadline_is_past(
    there, waiting, one, other
):
    soon, late = sorted((one, other))
    kept = 3600.0 + late  # by then nobody is too late: the oldest has waited for an hour
    assert need(there, waiting, kept, soon) <= need(there, waiting, kept, late)


@given(capacities, lots, ahead)
def test_never_more_tasks_than_hold_every_message(there, waiting, wait):
    messages = sum(count for _, count in waiting)
    assert 0 <= need(there, waiting, wait=wait) <= math.ceil(messages / there.slots)


@given(capacities, lots, coming)
def test_more_tasks_on_their_way_never_need_more(there, waiting, more):
    helped = replace(there, usable=tuple(sorted((*there.usable, *more))))
    assert need(helped, waiting) <= need(there, waiting)


@given(capacities, st.floats(0, 1e6))
def test_what_waits_since_nobody_knows_when_has_a_finite_need(there, messages):
    assert need(there, [(-math.inf, messages)]) <= math.ceil(messages / there.slots)
