"""The ecs-blueprints Lambda: a task for each ten messages, as promised and as coded."""

from __future__ import annotations

import pytest
from support.peer_aws import ToldAws, counts

from autoscaler.core.tasks import Provider
from autoscaler.simulation.peers.blueprint import (
    AsCoded,
    Documented,
    MinusRunning,
    asked_for,
    missing,
    on_demand,
    seen_running,
)


@pytest.mark.parametrize(
    ("visible", "running", "max_tasks", "asked"),
    [
        (0, 0, 10, 0),
        (1, 0, 10, 1),
        (10, 0, 10, 1),
        (11, 0, 10, 2),
        (100, 0, 50, 10),
        (100, 10, 50, 10),  # the ten that run are not taken off
        (100, 45, 50, 5),  # but they count against the maximum
        (100, 50, 50, 0),
        (100, 60, 50, 0),
        (5_000, 0, 1_000, 100),  # its own limit for one run
        (5_000, 0, 10, 10),
        (5, 0, 0, 0),
    ],
)
def test_running_tasks_count_against_the_maximum_alone(visible, running, max_tasks, asked):
    assert asked_for(visible, running, max_tasks) == asked


def test_it_reads_one_page_of_tasks():
    assert [seen_running(live) for live in (0, 99, 100, 101, 700)] == [0, 99, 100, 100, 100]


@pytest.mark.parametrize(
    ("messages", "running", "max_tasks", "launched"),
    [(0, 0, 10, 0), (1, 0, 10, 1), (100, 4, 50, 6), (100, 12, 50, 0), (900, 0, 50, 50)],
)
def test_put_right_it_takes_running_tasks_off(messages, running, max_tasks, launched):
    assert missing(messages, running, max_tasks) == launched


@pytest.mark.parametrize(
    ("count", "expected"), [(0, 0), (1, 1), (2, 2), (3, 2), (6, 2), (7, 3), (10, 3)]
)
def test_the_first_two_of_a_call_are_on_demand_and_one_of_five_after(count, expected):
    assert on_demand(count) == expected


def test_a_trickle_never_uses_spot():
    aws = ToldAws(counts(visible=15))
    Documented(max_tasks=10).act(aws, 0.0)
    assert {provider for count, provider in aws.launches if count} == {Provider.FARGATE}


def test_a_persisting_backlog_ramps_to_the_maximum_whatever_runs():
    aws, driver = ToldAws(counts(visible=100)), Documented(max_tasks=50)
    ramp = []
    for look in range(6):
        driver.act(aws, look * driver.period)
        ramp.append(aws.running)
    assert ramp == [10, 20, 30, 40, 50, 50]


def test_as_coded_more_than_ten_tasks_are_refused_and_nothing_starts():
    aws, driver = ToldAws(counts(visible=101)), AsCoded(max_tasks=50)
    driver.act(aws, 0.0)
    assert (aws.launches, aws.running) == ([(11, Provider.FARGATE)], 0)
    aws.counts = counts(visible=100)
    driver.act(aws, 120.0)
    assert aws.running == 10


def test_as_documented_more_than_ten_tasks_are_launched_in_calls_of_ten():
    aws = ToldAws(counts(visible=250))
    Documented(max_tasks=50).act(aws, 0.0)
    assert aws.running == 25
    assert max(count for count, _ in aws.launches) <= 10


def test_as_shipped_both_ways_of_calling_are_the_same():
    for driver in (Documented(max_tasks=10), AsCoded(max_tasks=10)):
        aws = ToldAws(counts(visible=5_000))
        driver.act(aws, 0.0)
        assert aws.running == 10


def test_put_right_messages_in_hand_count_and_nothing_is_launched_twice():
    aws, driver = ToldAws(counts(visible=60, in_flight=40)), MinusRunning(max_tasks=50)
    for look in range(3):
        driver.act(aws, look * driver.period)
    assert aws.running == 10
