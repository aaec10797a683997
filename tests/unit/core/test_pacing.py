"""How fast the account may launch, and pauses that double."""

from __future__ import annotations

import pytest

from autoscaler.core.pacing import Bucket, doubled

FULL = Bucket(per_second=5.0, burst=100.0, level=100.0, at=0.0)


def test_a_full_bucket_grants_its_burst_and_no_more():
    granted, left = FULL.take(120, 0.0)
    assert (granted, left.level) == (100, 0.0)
    assert left.take(1, 0.0)[0] == 0


def test_it_grants_no_more_than_was_asked():
    granted, left = FULL.take(3, 0.0)
    assert (granted, left.level) == (3, 97.0)


def test_it_refills_steadily_up_to_its_burst():
    empty = Bucket(5.0, 100.0, 0.0, 0.0)
    assert empty.take(100, 2.1)[0] == 10
    assert empty.take(500, 9999.0)[0] == 100


def test_part_of_a_task_is_kept_for_later():
    granted, left = Bucket(0.25, 10.0, 0.0, 0.0).take(1, 2.0)
    assert (granted, left.level) == (0, 0.5)
    assert left.take(1, 4.0)[0] == 1


def test_a_clock_that_steps_back_refills_nothing_twice():
    _, left = Bucket(5.0, 100.0, 0.0, 50.0).take(0, 40.0)
    assert (left.level, left.at) == (0.0, 50.0)


@pytest.mark.parametrize(("times", "pause"), [(0, 60.0), (1, 120.0), (5, 1800.0), (10**9, 1800.0)])
def test_a_pause_doubles_up_to_the_longest(times, pause):
    assert doubled(60.0, times, 1800.0) == pause
