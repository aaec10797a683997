"""What the controller itself costs, by hand and by the function."""

from __future__ import annotations

import pytest

from autoscaler.core.upkeep import Upkeep


def test_three_metrics_of_a_busy_queue_every_two_minutes():
    """21,900 ticks a month, three metrics each, a cent for a thousand."""
    assert Upkeep(period=120).metrics == pytest.approx(21_900 * 3 * 0.01 / 1000)


def test_an_idle_queue_costs_no_metrics():
    assert Upkeep(period=120, busy=0).metrics == 0.0


def test_signals_are_asked_for_at_every_tick():
    idle = Upkeep(period=120, busy=0, signals=2)
    assert idle.metrics == pytest.approx(21_900 * 2 * 0.01 / 1000)


def test_dead_letter_queues_are_counted_along():
    one = Upkeep(period=120).requests
    assert one == pytest.approx(21_900 * 0.40 / 1e6)
    assert Upkeep(period=120, dead_letter_queues=1).requests == pytest.approx(2 * one)


def test_the_memory_in_dynamodb():
    """Read at every tick; a busy one writes four kilobytes twice."""
    idle, busy = Upkeep(period=120, busy=0), Upkeep(period=120)
    assert idle.store == pytest.approx(21_900 * 0.125 / 1e6)
    assert busy.store - idle.store == pytest.approx(21_900 * 8 * 0.625 / 1e6)
    assert Upkeep(period=120, in_dynamodb=False).store == 0.0


def test_a_hundred_queues_cost_a_hundred_times_one():
    one = Upkeep(period=120, queues=1, fleets=1)
    hundred = Upkeep(period=120, queues=100, fleets=100)
    assert hundred.dollars == pytest.approx(100 * one.dollars)


def test_half_the_period_costs_twice_as_much():
    assert Upkeep(period=60).dollars == pytest.approx(2 * Upkeep(period=120).dollars)
