"""Target tracking: three minutes above, fifteen below nine tenths, and no way out of none."""

from __future__ import annotations

import pytest
from support.peer_aws import ToldAws, counts, minute

from autoscaler.simulation.peers.copilot import copilot, published, target
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.peers.scalable import Scalable
from autoscaler.simulation.peers.target_tracking import (
    Tracker,
    backlog_per_task,
    gradual,
    proportional,
    target_tracking,
    too_few,
    too_many,
)


def test_with_no_task_running_or_no_count_there_is_no_backlog_per_task():
    assert backlog_per_task(1500, 10) == 150
    assert backlog_per_task(1500, 0) is None
    assert backlog_per_task(None, 10) is None


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([101, 101, 101], True),
        ([100, 101, 101], False),
        ([5, 101, 101, 101], True),
        ([101, 101], False),
        ([101, None, 101], False),
        ([], False),
    ],
)
def test_three_minutes_above_the_target_are_too_many(points, expected):
    assert too_many(points, 100) is expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([89] * 15, True),
        ([90] * 15, False),
        ([89] * 14, False),
        ([95] + [89] * 15, True),
        ([89] * 14 + [90], False),
        ([89] * 7 + [None] + [89] * 7, False),
    ],
)
def test_fifteen_minutes_below_nine_tenths_are_too_few(points, expected):
    assert too_few(points, 100) is expected


def test_the_example_of_aws_adds_five_to_ten():
    """1,500 messages for 10 tasks where 100 a task are acceptable."""
    assert proportional(10, 150, 100) == 15


@pytest.mark.parametrize(
    ("size", "value", "expected"), [(10, 0, 5), (10, 50, 8), (10, 85, 9), (2, 0, 1), (1, 0, 0)]
)
def test_the_way_in_gives_up_half_of_the_surplus_and_one_task_at_least(size, value, expected):
    assert gradual(size, value, 100) == expected


def looked(driver, aws, looks, visible, start=0):
    sizes = []
    for look in range(start, start + looks):
        now = 60.0 * (look + 1)
        aws.seen.append(minute(now, visible=visible(look)))
        driver.act(aws, now)
        sizes.append(aws.running)
    return sizes


def options(**changes):
    return Options(promise=100.0, mean_work=1.0, **changes)


def test_it_cannot_leave_none():
    aws, driver = ToldAws(counts(visible=5_000)), target_tracking(options(min_tasks=0))
    assert looked(driver, aws, 60, lambda _: 5_000.0) == [0] * 60


def test_from_one_it_grows_after_three_minutes_in_proportion():
    aws, driver = ToldAws(), target_tracking(options())
    assert looked(driver, aws, 5, lambda _: 450.0) == [1, 1, 1, 5, 5]


def test_it_shrinks_after_fifteen_quiet_minutes_and_then_no_sooner_than_its_cooldown():
    aws, driver = ToldAws(), target_tracking(options(min_tasks=1))
    looked(driver, aws, 5, lambda _: 900.0)
    assert aws.running == 9
    sizes = looked(driver, aws, 30, lambda _: 0.0, start=5)
    assert sizes[:14] == [9] * 14
    assert sorted(set(sizes), reverse=True) == [9, 5, 3, 2, 1]
    assert all(sizes.count(size) == 5 for size in (5, 3))


def test_a_gap_in_the_metric_holds_the_size():
    aws, driver = ToldAws(), target_tracking(options())
    sizes = looked(driver, aws, 9, lambda look: None if look % 3 == 2 else 450.0)
    assert sizes == [1] * 9


def test_it_kills_what_it_stops():
    aws, driver = ToldAws(), target_tracking(options())
    driver.act(aws, 0.0)
    assert aws.resizes == [(1, False)]


def test_a_tracker_without_points_holds():
    assert Tracker(100, Scalable(2, 10)).follow([], 0.0) == 2


def test_copilot_counts_no_task_as_one_and_rounds_up():
    assert [published(7, running) for running in (0, 1, 2, 7, 8)] == [7, 7, 4, 1, 1]


def test_copilots_target_is_latency_over_processing_time_rounded_up():
    assert target(600, 1) == 600
    assert target(10, 3) == 4


def test_copilot_publishes_each_minute_and_grows_in_the_third():
    aws, driver, sizes = ToldAws(counts(visible=35)), copilot(options(max_tasks=9)), []
    driver.tracker.target = 10
    for look in range(4):
        driver.act(aws, 60.0 * look)
        sizes.append(aws.running)
    assert sizes == [1, 1, 4, 4]


def test_copilot_leaves_none_only_for_more_than_its_target():
    """aws/copilot-cli issue 3376: one message never starts a task."""
    one, many = ToldAws(counts(visible=1)), ToldAws(counts(visible=101))
    for aws in (one, many):
        driver = copilot(options(min_tasks=0))
        for look in range(10):
            driver.act(aws, 60.0 * look)
    assert one.running == 0
    assert many.running == 0  # a proportion of none is none
