"""backlog: more messages never want fewer tasks, and every message has a place."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from support.values import observation, reading

from policies.backlog import Backlog

messages = st.integers(0, 1_000_000)
lives = st.integers(0, 500)
slots = st.integers(1, 10)
seconds = st.floats(0.001, 50_000)
tolerances = st.floats(0, 0.5)
shared = st.builds(Backlog, messages_per_task=st.integers(1, 500), tolerance=tolerances)
timed = st.builds(Backlog, acceptable_wait=seconds, work=seconds, slots=slots, tolerance=tolerances)
backlogs = shared | timed


def want(policy, visible, live=0):
    return policy.advise(observation(reading(visible), live=live)).want


@given(backlogs, messages, messages, lives)
def test_the_want_rises_with_the_backlog_whatever_lives(policy, visible, more, live):
    assert want(policy, visible, live) <= want(policy, visible + more, live)


@given(backlogs, messages)
def test_no_messages_want_no_task_and_any_want_one_and_none_wants_two(policy, visible):
    assert min(visible, 1) <= want(policy, visible) <= visible


@given(st.integers(1, 500), messages, lives)
def test_without_a_tolerance_it_is_enough_and_not_one_too_many(share, visible, live):
    found = want(Backlog(messages_per_task=share), visible, live)
    assert (found - 1) * share < visible <= found * share


@given(seconds, seconds, slots, messages)
def test_tasks_wanted_for_a_wait_do_the_work_within_it_or_have_a_slot_for_each_message(
    wait, work, slots, visible
):
    found = want(Backlog(acceptable_wait=wait, work=work, slots=slots), visible)
    rounds = math.ceil(visible / (found * slots)) if found else 0
    assert rounds <= 1 or visible * work / (found * slots) <= wait * (1 + 1e-6)


@given(backlogs, messages, lives)
def test_what_lives_is_left_alone_only_where_its_share_is_within_the_tolerance(
    policy, visible, live
):
    exact = want(policy, visible)
    found = want(policy, visible, live)
    assert found in (exact, live)
    if found != exact:
        assert live * (1 - policy.tolerance) * 0.999 <= exact <= live * (1 + policy.tolerance) + 1


@given(backlogs, messages, lives)
def test_the_same_observation_gives_the_same_advice(policy, visible, live):
    seen = observation(reading(visible), live=live)
    assert policy.advise(seen) == policy.advise(seen)
