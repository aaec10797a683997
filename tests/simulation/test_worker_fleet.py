"""A fleet launched too large comes down to what its load needs, by the leaving rule alone."""

import pytest
from support.worker_fleet import VirtualFleet

MINUTE = 60.0


@pytest.mark.parametrize("seed", [1, 3])
def test_twenty_tasks_on_work_for_six_come_down_to_eight_at_most_and_stay(seed: int) -> None:
    """Ten slots each, 20 s a message; nobody launches any. No message waits longer than 15 s:
    three back-offs, which is what the last tasks to leave may cost a message."""
    fleet = VirtualFleet(tasks=20, slots=10, busy_slots=60.0, work_seconds=20.0, seed=seed)
    fleet.run(until=2 * MINUTE)
    assert fleet.alive <= 12
    for minute in range(20, 31):
        fleet.run(until=minute * MINUTE)
        assert 6 <= fleet.alive <= 8
    assert max(fleet.waits()) <= 15.0
    assert len(fleet.queue.deleted) >= len(fleet.sent) - 60 * 4
