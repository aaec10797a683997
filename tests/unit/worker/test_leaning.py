"""Who has had a slot free for long leaves what comes to others: its receives wait no more."""

from __future__ import annotations

from itertools import pairwise

import pytest
from support.worker_world import World


def gaps(world: World) -> list[float]:
    """Seconds between the receives of a task with one of four slots busy, waits included."""
    world.queue.send("long")
    world.run()
    return [
        round(later - sooner, 1) for (sooner, *_), (later, *_) in pairwise(world.queue.received)
    ]


def test_after_twenty_seconds_with_slots_free_receives_wait_no_more() -> None:
    found = gaps(World(lambda _: (60.0, None), slots=4))
    assert found[1:4] == pytest.approx([4.8] * 3)
    assert found[6:10] == pytest.approx([3.8] * 4)


def test_one_that_never_leaves_waits_always() -> None:
    world = World(lambda _: (60.0, None), slots=4, not_before=float("inf"))
    world.bench.at(55.0, world.loop.stop)
    assert gaps(world)[1:9] == pytest.approx([4.8] * 8)
