"""target_tracking: a higher number never wants fewer, and in is never faster than a step."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.values import NOW, observation

from autoscaler.core.signals import HttpNumber
from policies.target_tracking import TargetTracking

LOAD = HttpNumber("http://jobs.internal/load")
values = st.floats(-1e6, 1e9)
trackings = st.builds(
    TargetTracking,
    target=st.floats(0.01, 1e6),
    http=st.just(LOAD),
    value=st.sampled_from(["per_task", "total"]),
    tolerance=st.floats(0, 0.5),
    scale_in_after=st.sampled_from([0.0, 300.0]),
    scale_in_step=st.floats(0.01, 1),
)
lows = st.none() | st.builds(
    lambda ago: {"low_since": NOW - ago, "low_at": NOW - 120}, st.floats(120, 900)
)


def want(policy: TargetTracking, value: float, live: int, notes: object) -> int:
    seen = observation(live=live, signals={LOAD.key: value}, notes=notes)
    found = policy.advise(seen).want
    assert found is not None
    return found


@given(trackings, values, values, st.integers(0, 50), lows)
def test_a_higher_number_never_wants_fewer_tasks(policy, one, other, live, notes):
    low, high = sorted((one, other))
    assert want(policy, low, live, notes) <= want(policy, high, live, notes)


@given(trackings, values, st.integers(0, 50), lows)
def test_one_step_in_gives_up_no_more_than_its_share(policy, value, live, notes):
    assert want(policy, value, live, notes) >= live - max(1, live * policy.scale_in_step)


@given(trackings, st.floats(1.6, 1e5), st.integers(1, 50))
def test_what_it_wants_beyond_what_lives_brings_the_number_to_its_target(policy, times, live):
    """``times`` the target, beyond every tolerance and below the cap on counts."""
    value = policy.target * times * (1 if policy.value == "per_task" else live)
    found = want(policy, value, live, None)
    total = policy.target * times * live
    assert found > live
    assert total / found <= policy.target * (1 + 1e-6)
    assert total / (found - 1) >= policy.target * (1 - 1e-6)
