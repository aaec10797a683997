"""age_steps: an older message never adds less, and a breach is never acted on twice."""

from __future__ import annotations

import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from support.values import NOW, observation, reading

from autoscaler.core.flaws import flaw_in
from autoscaler.core.model import Minute
from policies.age_steps import AgeSteps, Step

ages = st.none() | st.floats(0, 4000)
known_ages = st.floats(0, 4000)


@st.composite
def stairs(draw):
    """Steps that add more the higher they are."""
    begins = sorted(draw(st.sets(st.integers(0, 3600), min_size=1, max_size=4)))
    adds = sorted(draw(st.lists(st.integers(1, 9), min_size=len(begins), max_size=len(begins))))
    steps = tuple(Step(from_=at, add=add) for at, add in zip(begins, adds, strict=True))
    cooldown = draw(st.sampled_from([0.0, 90.0, 300.0]))
    return AgeSteps(steps, draw(st.integers(1, 3)), cooldown)


def seen_at(now, told, live, notes=None):
    """A look that sees those minutes that are over by now."""
    minutes = tuple(
        Minute(NOW + 60.0 * n, oldest_age=age)
        for n, age in enumerate(told)
        if NOW + 60.0 * n <= now
    )
    return observation(reading(5, minutes=minutes), live=live, now=now, notes=notes)


@given(stairs(), st.lists(known_ages, min_size=3, max_size=3), st.floats(0, 4000))
def test_an_older_message_never_adds_less(policy, told, more):
    now = NOW + 120
    young = policy.advise(seen_at(now, told, 2)).want or 2
    old = policy.advise(seen_at(now, [age + more for age in told], 2)).want or 2
    assert young <= old


@given(
    stairs(),
    st.lists(ages, min_size=1, max_size=12),
    st.lists(st.integers(0, 60), min_size=1, max_size=30),
)
def test_however_often_it_is_asked_a_datapoint_adds_once_and_a_cooldown_holds(policy, told, pauses):
    now, live, notes, additions = NOW, 3, None, []
    for pause in pauses:
        now += pause
        seen = seen_at(now, told, live, notes)
        advice = policy.advise(seen)
        assert flaw_in(advice) is None
        if advice.want is not None and advice.want > live:
            newest = next(
                one.ends_at for one in reversed(seen.reading.minutes) if one.oldest_age is not None
            )
            additions.append((now, newest, advice.want - live))
            live = advice.want
        if advice.notes is not None:
            notes = json.loads(json.dumps(advice.notes))
    largest = max(step.add for step in policy.steps)
    for (_, before, _), (_, after, _) in pairwise(additions):
        assert before < after
    for at, _, _ in additions:
        close = [more for other, _, more in additions if at <= other < at + policy.cooldown]
        assert sum(close) <= largest or policy.cooldown == 0


@given(stairs(), st.lists(ages, max_size=5), st.integers(0, 50))
def test_the_same_observation_gives_the_same_advice(policy, told, live):
    seen = seen_at(NOW + 240, told, live)
    assert policy.advise(seen) == policy.advise(seen)
