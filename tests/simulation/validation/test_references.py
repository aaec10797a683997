"""What the simulation is checked against agrees with tables, and with one another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.reference_theory import Interval, MMc
from support.reference_waits import event_loop, kiefer_wolfowitz

seconds = st.floats(0, 50) | st.integers(0, 5).map(float)


@pytest.mark.parametrize(
    ("rho", "servers", "waits"),
    [(0.5, 1, 1 / 2), (0.5, 2, 1 / 3), (0.75, 4, 0.509434), (0.8, 10, 0.409180)],
)
def test_the_probability_of_waiting_is_that_of_tables(
    rho: float, servers: int, waits: float
) -> None:
    assert MMc.loaded(rho, servers).probability_of_waiting == pytest.approx(waits, abs=1e-6)


def test_one_server_waits_as_the_formula_of_one_server_says() -> None:
    """rho / (1 - rho) times the work."""
    assert MMc.loaded(0.9, 1, work_seconds=20.0).mean_wait == pytest.approx(180.0)


def test_longer_waits_are_less_probable_by_e_with_each_spare_departure() -> None:
    queue = MMc.loaded(0.8, 10)
    assert queue.probability_of_waiting_longer_than(0) == queue.probability_of_waiting
    one = queue.probability_of_waiting_longer_than(0.5)
    assert one == pytest.approx(queue.probability_of_waiting / np.e)


def test_an_interval_holds_the_true_mean_as_often_as_it_says() -> None:
    """99 of 100 such intervals; of 2,000 within four standard deviations of that."""
    random = np.random.default_rng(1)
    held = sum(0.0 in Interval.of(list(random.normal(size=16))) for _ in range(2000))
    assert held == pytest.approx(1980, abs=18)


@given(
    st.lists(st.tuples(seconds, seconds), max_size=60),
    st.integers(1, 5),
)
def test_the_recursion_and_the_event_loop_start_every_message_at_the_same_time(
    messages: list[tuple[float, float]], servers: int
) -> None:
    arrivals = np.sort(np.array([at for at, _ in messages], dtype=float))
    work = np.array([each for _, each in messages], dtype=float)
    by_recursion = kiefer_wolfowitz(arrivals, work, servers)
    assert by_recursion.tolist() == event_loop(arrivals.tolist(), work.tolist(), servers)


def test_one_server_follows_lindley() -> None:
    random = np.random.default_rng(2)
    arrivals, work = np.cumsum(random.exponential(1.0, 1000)), random.exponential(0.9, 1000)
    waits = [0.0]
    for gap, before in zip(np.diff(arrivals), work, strict=False):
        waits.append(max(0.0, waits[-1] + before - gap))
    starts = kiefer_wolfowitz(arrivals, work, 1)
    assert starts - arrivals == pytest.approx(np.array(waits), abs=1e-9)
