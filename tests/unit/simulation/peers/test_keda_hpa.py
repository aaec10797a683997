"""KEDA ScaledObject with the HPA: awake from none, 10 % of tolerance, down after five minutes."""

from __future__ import annotations

import pytest
from support.peer_aws import ToldAws, counts

from autoscaler.simulation.peers.hpa import Stabilised, most_within, recommended
from autoscaler.simulation.peers.keda_hpa import awake, keda_hpa, sized
from autoscaler.simulation.peers.options import Options


@pytest.mark.parametrize(
    ("total", "target", "current", "expected"),
    [
        (50, 5, 4, 10),
        (51, 5, 10, 10),  # 2 % off
        (54, 5, 10, 10),
        (55, 5, 10, 11),  # 1.1 - 1 is more than 0.1, in Go as here
        (45, 5, 10, 10),
        (44, 5, 10, 9),
        (0, 5, 10, 0),
        (3, 5, 0, 1),
    ],
)
def test_a_number_within_ten_percent_of_its_target_is_left_alone(total, target, current, expected):
    assert recommended(total, target, current) == expected


@pytest.mark.parametrize(("before", "most"), [(1, 5), (3, 7), (4, 8), (5, 10), (50, 100)])
def test_in_fifteen_seconds_four_more_or_twice_as_many(before, most):
    assert most_within(before) == most


def test_on_the_way_down_the_highest_recommendation_of_five_minutes_counts():
    seen = Stabilised()
    assert seen.of(10, 10, now=0.0) == 10
    assert seen.of(7, 10, now=15.0) == 10
    assert seen.of(2, 10, now=300.0) == 10
    assert seen.of(2, 10, now=301.0) == 7
    assert seen.of(2, 7, now=315.1) == 2


def test_on_the_way_up_nothing_is_waited_for():
    seen = Stabilised()
    assert seen.of(2, 2, now=0.0) == 2
    assert seen.of(9, 2, now=15.0) == 9


def test_an_old_high_recommendation_never_makes_more_pods_than_there_are():
    seen = Stabilised()
    seen.of(9, 9, now=0.0)
    assert seen.of(1, 4, now=15.0) == 4


@pytest.mark.parametrize(
    ("replicas", "messages", "quiet_for", "fewest", "expected"),
    [
        (0, 1, 0, 0, 1),
        (0, 9_000, 0, 0, 1),  # from none to one only, the rest is the HPA's
        (0, 1, 0, 3, 3),
        (4, 1, 0, 0, 4),
        (4, 0, 299, 0, 4),
        (4, 0, 300, 0, 4),
        (4, 0, 301, 0, 0),
        (4, 0, 301, 2, 2),
    ],
)
def test_the_operator_wakes_one_and_sleeps_after_the_cooldown(
    replicas, messages, quiet_for, fewest, expected
):
    assert awake(replicas, messages, quiet_for, fewest) == expected


def test_the_hpa_never_goes_to_none_nor_above_its_limits():
    assert sized(0, 3, fewest=0, most=100) == 1
    assert sized(500, 3, fewest=0, most=100) == 7
    assert sized(500, 90, fewest=0, most=100) == 100


def test_growth_from_none_takes_the_wake_and_then_four_or_twice_each_fifteen_seconds():
    aws, driver, sizes = ToldAws(counts(visible=500)), keda_hpa(Options()), []
    for look in range(7):
        driver.act(aws, look * driver.period)
        sizes.append(aws.running)
    assert sizes == [5, 10, 20, 40, 80, 100, 100]


def test_a_quiet_queue_keeps_its_pods_until_the_cooldown_is_over_and_then_none():
    aws, driver, sizes = ToldAws(counts(visible=20)), keda_hpa(Options()), {}
    for look in range(45):
        now = look * driver.period
        aws.counts = counts(visible=20) if now < 60 else counts()
        driver.act(aws, now)
        sizes[now] = aws.running
    assert (sizes[45], sizes[330], sizes[345], sizes[360]) == (4, 4, 4, 0)


def test_a_message_in_flight_keeps_it_awake():
    aws, driver = ToldAws(counts(in_flight=1)), keda_hpa(Options())
    for look in range(100):
        driver.act(aws, look * driver.period)
    assert aws.running == 1


def test_what_it_stops_is_killed():
    aws, driver = ToldAws(counts(visible=20)), keda_hpa(Options())
    driver.act(aws, 0.0)
    assert aws.resizes == [(4, False)]
