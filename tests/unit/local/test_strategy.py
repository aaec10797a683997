"""Splitting a call's tasks among capacity providers, for every strategy there may be."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from autoscaler.local.ecs.strategy import Share, split

WEIGHTS = st.lists(st.integers(0, 1000), min_size=1, max_size=5).filter(any)
COUNTS = st.integers(1, 10)


def shares(weights: list[int], base: int = 0) -> list[Share]:
    return [Share(f"p{n}", each, base if n == 0 else 0) for n, each in enumerate(weights)]


@given(COUNTS, WEIGHTS, st.integers(0, 20))
def test_every_task_gets_a_provider_of_the_strategy(
    count: int, weights: list[int], base: int
) -> None:
    strategy = shares(weights, base)
    chosen = split(count, strategy)
    assert len(chosen) == count
    assert set(chosen) <= {share.provider for share in strategy if share.weight or share.base}


@given(COUNTS, WEIGHTS, st.integers(0, 20))
def test_the_base_is_filled_first(count: int, weights: list[int], base: int) -> None:
    assert split(count, shares(weights, base))[:base] == ["p0"] * min(base, count)


@given(COUNTS, st.integers(1, 1000), st.integers(1, 1000))
def test_two_providers_are_within_one_task_of_their_weights(
    count: int, one: int, other: int
) -> None:
    found = Counter(split(count, shares([one, other])))
    assert abs(found["p0"] - count * one / (one + other)) < 1
