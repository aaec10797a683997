"""Waits in bins that split exactly at the promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.simulation.report.waits import count_waits, wait_edges

SECONDS = st.floats(0, 1e6)


@given(promise=st.floats(0.5, 1e5), longest=SECONDS)
def test_edges_rise_from_nothing_and_one_is_the_promise(promise: float, longest: float) -> None:
    edges = wait_edges(promise, longest)
    assert edges[0] == 0
    assert np.all(np.diff(edges) > 0)
    assert promise in edges
    assert edges[-1] >= longest


@given(waits=st.lists(SECONDS | st.just(float("nan")), max_size=50), promise=st.floats(1, 1e4))
def test_every_message_is_in_one_bin_or_was_never_started(
    waits: list[float], promise: float
) -> None:
    counted = count_waits(np.array(waits), promise)
    assert counted.counts.sum() + counted.never == len(waits)
    kept = counted.counts[counted.edges[1:] <= promise].sum()
    assert kept == sum(wait <= promise for wait in waits)


@pytest.mark.parametrize(("wait", "kept"), [(600.0, True), (600.001, False), (0.0, True)])
def test_a_wait_of_exactly_the_promise_keeps_it(wait: float, kept: bool) -> None:
    counted = count_waits(np.array([wait]), 600.0)
    assert (counted.edges[1:][counted.counts > 0] <= 600.0).all() == kept
