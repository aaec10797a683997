"""Application Auto Scaling's cooldowns: growth in progress counts, shrinking waits."""

from __future__ import annotations

from autoscaler.simulation.peers.scalable import Scalable


def test_it_starts_at_its_minimum_and_keeps_within_its_limits():
    service = Scalable(2, 10)
    assert service.desired == 2
    service.scale_out(lambda _: 50, 0.0)
    assert service.desired == 10
    service.scale_in(lambda _: -5, 0.0)
    assert service.desired == 2


def test_during_the_cooldown_what_was_added_is_part_of_a_larger_growth():
    """The example of AWS: two are added, then three are asked for, so one more is added."""
    service = Scalable(1, 100)
    service.scale_out(lambda size: size + 2, 0.0)
    service.scale_out(lambda size: size + 3, 60.0)
    assert service.desired == 4


def test_during_the_cooldown_the_same_growth_changes_nothing_and_after_it_it_does():
    service = Scalable(1, 100)
    for now in (0.0, 60.0, 299.0):
        service.scale_out(lambda size: size + 2, now)
    assert service.desired == 3
    service.scale_out(lambda size: size + 2, 300.0)
    assert service.desired == 5


def test_shrinking_waits_for_its_cooldown_which_growth_ends():
    service = Scalable(0, 100)
    service.scale_out(lambda _: 10, 0.0)
    service.scale_in(lambda size: size - 1, 1.0)
    service.scale_in(lambda size: size - 1, 2.0)
    assert service.desired == 9
    service.scale_out(lambda _: 12, 3.0)
    service.scale_in(lambda size: size - 1, 4.0)
    assert service.desired == 11
    service.scale_in(lambda size: size - 1, 304.0)
    assert service.desired == 10


def test_a_growth_to_less_is_none():
    service = Scalable(5, 10)
    service.scale_out(lambda _: 3, 0.0)
    assert service.desired == 5
