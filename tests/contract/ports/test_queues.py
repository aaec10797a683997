"""What every implementation of the port Queues must keep."""

from __future__ import annotations

import pytest
from support.port_worlds import PortWorld

from autoscaler.core.model import Reading


def read(world: PortWorld, queue: str = "work") -> Reading:
    return world.queues.read([queue], world.now())[queue]


def shows(world: PortWorld, visible: int, in_flight: int, delayed: int) -> bool:
    """SQS itself may be a minute behind."""
    reading = read(world)
    return (reading.visible, reading.in_flight, reading.delayed) == (visible, in_flight, delayed)


def test_an_empty_queue_is_known_to_be_idle(world: PortWorld) -> None:
    reading = read(world)
    assert reading.idle
    assert reading.trouble is None


def test_messages_sent_are_visible(world: PortWorld) -> None:
    world.send(3)
    world.until(lambda: shows(world, 3, 0, 0))


def test_messages_received_are_in_flight(world: PortWorld) -> None:
    world.send(3)
    world.until(lambda: shows(world, 3, 0, 0))
    world.receive(2)
    world.until(lambda: shows(world, 1, 2, 0))


def test_messages_sent_for_later_are_delayed(world: PortWorld) -> None:
    world.send(1, delay=600)
    world.until(lambda: shows(world, 0, 0, 1))


def test_a_reading_says_which_queue_and_when(world: PortWorld) -> None:
    now = world.now()
    reading = world.queues.read(["work"], now)["work"]
    assert (reading.queue, reading.at) == ("work", now)


@pytest.mark.trap("T2")
def test_a_queue_that_does_not_exist_is_unknown_and_says_why(world: PortWorld) -> None:
    reading = read(world, "missing")
    assert (reading.visible, reading.in_flight, reading.delayed) == (None, None, None)
    assert "no such queue" in (reading.trouble or "")


def test_one_queues_trouble_is_not_anothers(world: PortWorld) -> None:
    readings = world.queues.read(["work", "missing"], world.now())
    assert readings.keys() == {"work", "missing"}
    assert readings["work"].visible == 0
    assert readings["work"].trouble is None


def test_minutes_are_whole_past_and_in_order(world: PortWorld) -> None:
    world.send(1)
    now = world.now()
    ends = [minute.ends_at for minute in world.queues.read(["work"], now)["work"].minutes]
    assert ends == sorted(ends)
    assert all(end % 60 == 0 and end <= now for end in ends)
