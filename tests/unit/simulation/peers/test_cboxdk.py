"""cboxdk's drain, its urgency, and the mistake once the promise is broken."""

from __future__ import annotations

import pytest
from support.peer_aws import ToldAws, counts, minute

from autoscaler.simulation.peers.cboxdk import (
    cboxdk,
    drain,
    saturated,
    smoothed,
    steady,
    urgency,
    within,
)
from autoscaler.simulation.peers.options import Options


def test_littles_law():
    assert steady(0.5, 30.0) == 15
    assert steady(-0.1, 30.0) == 0


@pytest.mark.parametrize(
    ("progress", "expected"), [(0.5, 1.0), (0.8, 1.72), (1.0, 3.0), (1.2, 4.92), (1.5, 5.0)]
)
def test_urgency_grows_with_the_square_up_to_five(progress, expected):
    assert urgency(progress) == pytest.approx(expected)


def test_before_half_of_the_promise_nothing_is_asked_for():
    assert drain(100, 149.0, 300.0, 30.0) == 0
    assert drain(100, 150.0, 300.0, 30.0) == pytest.approx(100 / 5)
    assert drain(0, 299.0, 300.0, 30.0) == 0


def test_without_an_age_the_whole_promise_is_taken():
    assert drain(100, None, 300.0, 30.0) == 10
    assert drain(100, 0.0, 300.0, 30.0) == 10
    assert drain(100, None, 10.0, 30.0) == 100


def test_past_the_promise_long_jobs_get_fewer_workers_than_just_before():
    """100 jobs of 60 s: 300 just before the breach, 1.67 x 3 = 5 just after."""
    assert drain(100, 599.999, 600.0, 60.0) == pytest.approx(300, rel=1e-4)
    assert drain(100, 600.0, 600.0, 60.0) == pytest.approx(5)


def test_progress_ends_at_one_and_a_half():
    assert drain(100, 6_000.0, 600.0, 60.0) == pytest.approx(100 / 60 * 5)


def test_all_busy_and_nothing_asked_for_is_one_more():
    assert saturated(3.0, active=4, busy_share=0.9) == 5
    assert saturated(3.0, active=4, busy_share=0.89) == 3
    assert saturated(6.0, active=4, busy_share=1.0) == 6
    assert saturated(0.0, active=0, busy_share=1.0) == 0


@pytest.mark.parametrize(
    ("target", "before", "throughput", "expected"),
    [
        (2, 8, [100, 100, 100], 7),
        (2, 8, [100, 120, 80], 2),
        (2, 8, [100, 100], 2),
        (2, 8, [0, 0, 0], 2),
        (9, 8, [100, 100, 100], 9),
        (2, None, [100, 100, 100], 2),
    ],
)
def test_with_a_steady_throughput_one_fewer_at_a_time(target, before, throughput, expected):
    assert smoothed(target, before, throughput) == expected


def test_within_its_limits_and_whole():
    assert [within(workers, 1, 10) for workers in (0, 1.2, 99)] == [1, 2, 10]


def test_its_driver_keeps_a_minute_between_changes_and_lets_workers_finish():
    aws, driver = ToldAws(), cboxdk(Options(promise=335.0, mean_work=30.0, max_tasks=50))
    driver.act(aws, 0.0)
    aws.counts = counts(visible=100)
    aws.seen = [minute(60.0, sent=0.0, deleted=0.0, oldest_age=150.0)]
    driver.act(aws, 5.0)
    driver.act(aws, 60.0)
    assert aws.resizes == [(1, True), (20, True)]


def test_its_driver_adds_one_to_a_saturated_fleet():
    aws, driver = ToldAws(), cboxdk(Options())
    driver.act(aws, 0.0)
    aws.seen = [minute(60.0, sent=1.0, deleted=1.0, busy_seconds=57.0)]
    driver.act(aws, 60.0)
    assert aws.running == 2
