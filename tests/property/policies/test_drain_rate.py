"""drain_rate: more of anything never wants fewer tasks, and what is wanted keeps up."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st
from support.values import observation, reading

from policies.drain_rate import DrainRate

messages = st.integers(0, 100_000)
seconds = st.floats(0.01, 10_000)
rates = st.floats(0, 500)
policies = st.builds(
    DrainRate, drain_within=seconds, work=seconds, arrivals=rates, slots=st.integers(1, 10)
)


def want(policy, visible):
    return policy.advise(observation(reading(visible))).want


@given(policies, messages, messages)
def test_the_want_rises_with_the_backlog(policy, visible, more):
    assert 0 <= want(policy, visible) <= want(policy, visible + more)


@given(policies, messages, rates)
def test_the_want_rises_with_the_arrivals(policy, visible, more):
    busier = replace(policy, arrivals=policy.arrivals + more)
    assert want(policy, visible) <= want(busier, visible)


@given(policies, messages)
def test_more_time_to_drain_never_wants_more(policy, visible):
    patient = replace(policy, drain_within=policy.drain_within * 2)
    assert want(patient, visible) <= want(policy, visible)


@given(policies, st.integers(1, 100_000))
def test_the_slots_keep_up_and_drain_in_time_or_hold_every_message(policy, visible):
    free = want(policy, visible) * policy.slots - policy.arrivals * policy.work
    assert free > -1e-6
    assume(policy.work <= policy.drain_within)
    assert free * policy.drain_within / policy.work >= visible - 1e-3


@given(policies, messages)
def test_the_same_observation_gives_the_same_advice(policy, visible):
    seen = observation(reading(visible))
    assert policy.advise(seen) == policy.advise(seen)
