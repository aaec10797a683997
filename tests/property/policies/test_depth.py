"""depth: more messages never want fewer tasks, and every message has a place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.values import observation, reading

from policies.depth import Depth

messages = st.integers(0, 100_000)
depths = st.builds(Depth, messages_per_task=st.integers(1, 500), add_to_running=st.booleans())


@given(depths, messages, messages, messages, st.integers(0, 50))
def test_the_want_rises_with_the_backlog(depth, visible, more, in_flight, live):
    fewer = observation(reading(visible, in_flight), live=live)
    many = observation(reading(visible + more, in_flight), live=live)
    assert depth.advise(fewer).want <= depth.advise(many).want


@given(st.integers(1, 500), messages, messages)
def test_the_tasks_wanted_are_enough_and_not_one_too_many(share, visible, in_flight):
    want = Depth(messages_per_task=share).advise(observation(reading(visible, in_flight))).want
    assert want * share >= visible + in_flight
    assert (want - 1) * share < visible + in_flight


@given(depths, messages, st.integers(0, 50))
def test_the_same_observation_gives_the_same_advice(depth, visible, live):
    seen = observation(reading(visible), live=live)
    assert depth.advise(seen) == depth.advise(seen)
