"""The service's loop: real APScheduler, real threads, a clock that is passed."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping

import pytest

from autoscaler.runtime.service import SILENT_PERIODS, Service

Books = Mapping[int, Mapping[str, int]]
"""After which tick, the looks that fleets ask for, in seconds after the first."""
NOTHING_BOOKED: Books = {}


class Ticks:
    """Collects due seconds and stops the service after so many."""

    def __init__(
        self,
        stop_after: int,
        slow: float = 0.0,
        period: float = 1.0,
        books: Books = NOTHING_BOOKED,
    ) -> None:
        self.due: list[int] = []
        self.fleets: list[set[str] | None] = []
        self.running = 0
        self.overlapped = False
        self.missed = 0
        self.began = int(time.time())
        self.service = Service(self.tick, period, time.time, self.miss)
        self._stop_after, self._slow, self._books = stop_after, slow, books
        self._never = threading.Event()

    def tick(self, due: int, fleets: Collection[str] | None) -> Mapping[str, int]:
        self.running += 1
        self.overlapped |= self.running > 1
        self.due.append(due)
        self.fleets.append(None if fleets is None else set(fleets))
        self._never.wait(self._slow)
        if len(self.due) >= self._stop_after:
            self.service.stop()
        self.running -= 1
        asked = self._books.get(len(self.due), {})
        return {fleet: self.began + seconds for fleet, seconds in asked.items()}

    def miss(self) -> None:
        self.missed += 1


def test_the_first_tick_comes_at_once_and_the_next_ones_on_the_grid() -> None:
    ticks = Ticks(stop_after=3)

    ticks.service.run()

    assert [due - ticks.due[0] for due in ticks.due] == [0, 1, 2]


def test_a_look_that_was_asked_for_comes_at_its_second_for_the_fleets_that_asked() -> None:
    books = {1: {"soon": 2, "later": 3, "never": 30}, 2: {"soon": 4}}
    ticks = Ticks(stop_after=4, period=86_400.0, books=books)

    ticks.service.run()

    assert [due - ticks.began for due in ticks.due[1:]] == [2, 3, 4]
    assert ticks.fleets == [None, {"soon"}, {"later"}, {"soon"}]


def test_a_look_that_is_due_by_the_end_of_the_tick_that_asked_for_it_is_not_lost() -> None:
    books = {1: {"f": 1}, 2: {"f": 0}, 3: {"f": 0}}
    ticks = Ticks(stop_after=4, period=86_400.0, books=books)

    ticks.service.run()

    assert ([due - ticks.began for due in ticks.due[1:]], ticks.missed) == ([1, 0, 0], 0)


def test_a_regular_tick_takes_the_place_of_the_looks_that_were_asked_for_after_it() -> None:
    ticks = Ticks(stop_after=3, books={1: {"f": 2}, 2: {"f": 3}})

    ticks.service.run()

    assert ticks.fleets == [None, None, None]


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

    def tick(due: int, fleets: Collection[str] | None) -> Mapping[str, int]:
        for failure in failures:
            raise failure
        return ticks.tick(due, fleets)

    ticks.service = Service(tick, 1.0, time.time, ticks.miss)

    ticks.service.run()

    assert len(ticks.due) == 1


def test_a_look_that_raises_keeps_the_looks_of_the_other_fleets() -> None:
    books = {1: {"broken": 1, "other": 2}}
    ticks = Ticks(stop_after=2, period=86_400.0, books=books)

    def tick(due: int, fleets: Collection[str] | None) -> Mapping[str, int]:
        if fleets == {"broken"}:
            raise RuntimeError
        return ticks.tick(due, fleets)

    ticks.service = Service(tick, 86_400.0, time.time, ticks.miss)

    ticks.service.run()

    assert ticks.fleets == [None, {"other"}]


def test_a_service_whose_ticks_stop_finishing_calls_itself_unhealthy() -> None:
    now = [1000.0]
    service = Service(lambda due, fleets: {}, 120.0, lambda: now[0], lambda: None)

    now[0] += SILENT_PERIODS * 120.0
    assert service.trouble() is None
    now[0] += 1
    assert service.trouble() == "No tick has finished for 601 seconds; see the log."
