"""The service's loop: real APScheduler, real threads, a clock that is passed."""

from __future__ import annotations

import threading
import time

import pytest

from autoscaler.runtime.service import SILENT_PERIODS, Service


class Ticks:
    """Collects due seconds and stops the service after so many."""

    def __init__(self, stop_after: int, slow: float = 0.0) -> None:
        self.due: list[int] = []
        self.running = 0
        self.overlapped = False
        self.missed = 0
        self.service = Service(self.tick, 1.0, time.time, self.miss)
        self._stop_after, self._slow = stop_after, slow
        self._never = threading.Event()

    def tick(self, due: int) -> None:
        self.running += 1
        self.overlapped |= self.running > 1
        self.due.append(due)
        self._never.wait(self._slow)
        if len(self.due) >= self._stop_after:
            self.service.stop()
        self.running -= 1

    def miss(self) -> None:
        self.missed += 1


def test_the_first_tick_comes_at_once_and_the_next_ones_on_the_grid() -> None:
    ticks = Ticks(stop_after=3)

    ticks.service.run()

    assert [due - ticks.due[0] for due in ticks.due] == [0, 1, 2]


@pytest.mark.trap("T23")
def test_a_tick_longer_than_the_period_is_never_overlapped_and_what_it_misses_is_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ticks = Ticks(stop_after=3, slow=1.6)

    ticks.service.run()

    assert caplog.messages == [], "the scheduler's own lines are no JSON"
    assert not ticks.overlapped
    assert ticks.missed >= 1
    assert len(set(ticks.due)) == 3


def test_a_tick_that_raises_does_not_end_the_service() -> None:
    ticks = Ticks(stop_after=1)
    failures = iter([RuntimeError("once")])

    def tick(due: int) -> None:
        for failure in failures:
            raise failure
        ticks.tick(due)

    ticks.service = Service(tick, 1.0, time.time, ticks.miss)

    ticks.service.run()

    assert len(ticks.due) == 1


def test_a_service_whose_ticks_stop_finishing_calls_itself_unhealthy() -> None:
    now = [1000.0]
    service = Service(lambda due: None, 120.0, lambda: now[0], lambda: None)

    now[0] += SILENT_PERIODS * 120.0
    assert service.trouble() is None
    now[0] += 1
    assert service.trouble() == "No tick has finished for 601 seconds; see the log."
