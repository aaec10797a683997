"""deadline: it never wants fewer than live, nor more new tasks than messages could keep busy."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from support.values import NOW, PERIOD, observation, reading

from autoscaler.core.books import band
from autoscaler.core.learned import Learned, Mean, QueueLearned
from autoscaler.core.model import Minute
from policies.deadline import Deadline

counts = st.integers(0, 100_000)
seconds = st.floats(0.01, 10_000)
policies = st.builds(
    Deadline,
    max_age=st.floats(13, 10_000),
    slots=st.integers(1, 20),
    work=st.none() | seconds,
    start_up=st.none() | st.floats(0, 600),
)
minutes = st.lists(st.tuples(counts, counts), max_size=5).map(
    lambda told: tuple(
        Minute(NOW - 60.0 * n, float(sent), float(deleted))
        for n, (sent, deleted) in reversed([*enumerate(told, 1)])
    )
)
learned = st.builds(
    lambda total, weight: Learned(queues={"q": QueueLearned(work=Mean(total, weight))}),
    st.floats(0, 1e6),
    st.floats(0, 1000),
)


readings = st.builds(reading, counts, counts, minutes=minutes)


@given(policies, readings, learned, st.integers(0, 50), st.booleans())
def test_new_tasks_have_messages_and_looks_lie_ahead(policy, shown, taught, live, bookable):
    seen = observation(shown, live=live, learned=taught, bookable=bookable)
    found = policy.advise(seen)
    if seen.reading.idle:
        assert found.want == 0
        return
    assert live <= found.want <= live + math.ceil(band(float(shown.visible))[1] / policy.slots)
    assert found.look_again_at is None or NOW < found.look_again_at < math.inf
    assert policy.advise(seen) == found


@given(policies, counts)
def test_a_look_that_nobody_keeps_is_never_asked_for_before_the_next_tick(policy, visible):
    found = policy.advise(observation(reading(visible)))
    assert found.look_again_at in (None, NOW + PERIOD)
