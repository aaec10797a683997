"""The health check sees a loop that hangs, and not one that waits as planned."""

import json
import time

import pytest
from support.worker_world import World

from autoscaler.worker.health import LATE_SECONDS, Pulse, _answer


@pytest.mark.parametrize(
    ("now", "beats"),
    [(0.0, True), (1000.0 + LATE_SECONDS - 1, True), (1001.0 + LATE_SECONDS, False)],
)
def test_a_loop_is_late_when_it_is_ten_seconds_behind_its_own_plan(now: float, beats: bool) -> None:
    pulse = Pulse()
    pulse.expect(1000.0)
    assert pulse.beats(now) is beats


@pytest.mark.parametrize(("behind", "status"), [(0.0, 200), (60.0, 503)])
def test_the_answer_is_what_a_container_health_check_understands(
    behind: float, status: int
) -> None:
    world = World(work=100.0, slots=3)
    world.queue.send("a", "b")
    world.run(until=1.0)
    pulse = Pulse()
    pulse.expect(time.monotonic() - behind)
    answered, *_, body = _answer(pulse, world.loop)
    assert answered == status
    assert json.loads(body)["in_hand"] == 2
