"""Several calls at a time, a bounded number of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from autoscaler.aws.parallel import Parallel


@pytest.fixture
def two() -> Iterator[Parallel]:
    parallel = Parallel(2)
    yield parallel
    parallel.close()


def test_answers_come_in_the_order_of_the_questions(two: Parallel) -> None:
    assert two(lambda number: number * number, range(20)) == [n * n for n in range(20)]


def test_calls_run_at_the_same_time(two: Parallel) -> None:
    meeting = threading.Barrier(2, timeout=10)
    two(lambda _: meeting.wait(), range(2))  # alone, either would wait in vain


def test_a_single_call_needs_no_thread(two: Parallel) -> None:
    assert two(lambda _: threading.get_ident(), ["only"]) == [threading.get_ident()]


def test_nothing_to_do_is_done(two: Parallel) -> None:
    assert two(str, []) == []


def test_an_exception_reaches_the_caller(two: Parallel) -> None:
    with pytest.raises(ZeroDivisionError):
        two(lambda number: 1 // number, [1, 0])
