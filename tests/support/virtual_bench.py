"""A clock that jumps from event to event, and benches on it: loops run without sleeping."""

import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable, Mapping
from typing import TypeVar

from autoscaler.worker.errors import LastingError, PassingError
from autoscaler.worker.loop import Loop
from autoscaler.worker.message import Message
from autoscaler.worker.ports import Lane

T = TypeVar("T")

LATENCY_SECONDS = 0.005
MOST_TURNS_IN_AN_INSTANT = 500

Outcome = tuple[float, BaseException | None]
Event = tuple[float, int, "VirtualBench | None", Callable[[], None]]


class VirtualClock:
    """The time, and what is to happen; several workers may share it."""

    def __init__(self) -> None:
        self.time = 0.0
        self.extra = 0.0
        self.events: list[Event] = []
        self._numbers = itertools.count()

    def at(
        self, time: float, news: Callable[[], None], owner: "VirtualBench | None" = None
    ) -> None:
        heapq.heappush(self.events, (time, next(self._numbers), owner, news))

    def take_time(self, seconds: float) -> None:
        """Let the call under way take longer."""
        self.extra += seconds

    def happen(self) -> "set[VirtualBench | None]":
        """Let all that is due happen; return whom it concerned."""
        concerned = set()
        while self.events and self.events[0][0] <= self.time:
            _, _, owner, news = heapq.heappop(self.events)
            news()
            concerned.add(owner)
        return concerned

    def next_at(self) -> float:
        return self.events[0][0] if self.events else math.inf


class VirtualBench:
    """Runs jobs in no time and delivers their results when they would have come."""

    def __init__(
        self, work: Callable[[Message], Outcome], clock: VirtualClock | None = None
    ) -> None:
        self.clock = clock or VirtualClock()
        self.work = work
        self.abandoned: list[str] = []
        self.handled: list[tuple[float, float, Message]] = []
        self._lanes: dict[Lane, deque[Callable[[], None]]] = {}

    @property
    def time(self) -> float:
        return self.clock.time

    def now(self) -> float:
        return self.clock.time

    def at(self, time: float, news: Callable[[], None]) -> None:
        self.clock.at(time, news, self)

    def post(self, news: Callable[[], None]) -> None:
        self.at(self.time, news)

    @property
    def handling(self) -> list[tuple[float, float, str]]:
        """Start, end and id of every handling, in the order of their starts."""
        return [(start, end, message.id) for start, end, message in self.handled]

    def take_time(self, seconds: float) -> None:
        """Let the call under way take longer."""
        self.clock.take_time(seconds)

    def call(
        self,
        lane: Lane,
        job: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[PassingError | LastingError], None],
    ) -> None:
        waiting = self._lanes.setdefault(lane, deque())
        waiting.append(lambda: self._run(lane, job, then, failed))
        if len(waiting) == 1:
            self.post(waiting[0])

    def _run(
        self,
        lane: Lane,
        job: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[PassingError | LastingError], None],
    ) -> None:
        self.clock.extra = LATENCY_SECONDS
        try:
            result = job()
        except (PassingError, LastingError) as error:
            caught = error
            self._later(lambda: failed(caught))
        else:
            self._later(lambda: then(result))
        self._later(lambda: self._run_next(self._lanes[lane]))

    def _later(self, news: Callable[[], None]) -> None:
        self.at(self.time + self.clock.extra, news)

    def _run_next(self, waiting: deque[Callable[[], None]]) -> None:
        waiting.popleft()
        if waiting:
            self.post(waiting[0])

    def handle(self, message: Message, then: Callable[[BaseException | None], None]) -> None:
        seconds, error = self.work(message)
        self.handled.append((self.time, self.time + seconds, message))
        self.at(self.time + seconds, lambda: then(error))

    def abandon(self, message: Message) -> None:
        message.ask_to_stop()
        self.abandoned.append(message.id)

    def settle(self) -> None:
        """Deliver all that is under way, with no loop."""
        while self.clock.events:
            self.clock.time = self.clock.next_at()
            self.clock.happen()


def drive(clock: VirtualClock, loops: Mapping[VirtualBench, Loop], until: float) -> None:
    """Drive loops as the command does, until all of them left or to a time."""
    wakes = _turned(loops, set(loops), dict.fromkeys(loops, math.inf))
    turns, instant = 0, -1.0
    while wakes:
        next_at = min(*wakes.values(), clock.next_at())
        if next_at > until:
            clock.time = until
            return
        assert next_at < math.inf, "the loop waits for nothing"
        clock.time = max(clock.time, next_at)
        turns = turns + 1 if clock.time == instant else 0
        instant = clock.time
        assert turns < MOST_TURNS_IN_AN_INSTANT, "the loop spins without the clock going on"
        concerned = {bench for bench, at in wakes.items() if at <= clock.time} | clock.happen()
        wakes = _turned(loops, concerned, wakes)


def _turned(
    loops: Mapping[VirtualBench, Loop],
    concerned: "set[VirtualBench | None]",
    wakes: Mapping[VirtualBench, float],
) -> dict[VirtualBench, float]:
    """Turn these loops, in an order that is always the same; return when the others wake."""
    again = dict(wakes)
    for bench, loop in loops.items():
        if bench in wakes and bench in concerned:
            again[bench] = loop.turn()
            if loop.over:
                del again[bench]
    return again
