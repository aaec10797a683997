"""Where a window pauses launches, the second half of the pictures waits for it."""

from __future__ import annotations

import threading

from autoscaler.demo.parts import Parts
from autoscaler.demo.watch import Glimpse


def glimpse(visible: int = 0, tasks: int = 0, *, paused: bool) -> Glimpse:
    return Glimpse(
        visible=visible,
        in_flight=0,
        delayed=0,
        oldest_age=None,
        tasks={"RUNNING": tasks} if tasks else {},
        launched=2,
        thumbnails=0,
        target=0,
        reasons=(),
        controller_sees_zero=False,
        paused=paused,
    )


def held(parts: Parts, number: int) -> bool:
    """Whether the picture of this number, of ten, has to wait."""
    waiting = threading.Thread(target=parts.wait, args=(number, 10), daemon=True)
    waiting.start()
    waiting.join(0.05)
    return waiting.is_alive()


def test_without_a_pause_no_picture_waits() -> None:
    assert not held(Parts(two=False), 9)


def test_the_first_half_never_waits_and_the_second_does() -> None:
    parts = Parts(two=True)

    assert not held(parts, 4)
    assert held(parts, 5)
    parts.go_on()


def test_the_second_half_goes_when_launches_are_paused_and_nobody_is_at_work() -> None:
    parts = Parts(two=True)
    for busy in (
        glimpse(paused=False),
        glimpse(visible=1, paused=True),
        glimpse(0, 1, paused=True),
    ):
        parts.look(busy)
        assert held(parts, 5)

    parts.look(glimpse(paused=True))

    assert not held(parts, 5)


def test_it_goes_once_the_pause_is_over_whoever_is_at_work() -> None:
    parts = Parts(two=True)
    parts.look(glimpse(0, 1, paused=True))

    parts.look(glimpse(0, 1, paused=False))

    assert not held(parts, 5)
