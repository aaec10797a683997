"""SimPy's clock, with an order for what happens at one instant."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from enum import IntEnum

import simpy
from simpy.events import Event


class Turn(IntEnum):
    """Of one instant the lower comes first; of one kind what was planned first."""

    ARRIVAL = 0
    USUAL = 1
    POLL_ENDS = 2
    LOOK = 3


class Clock(simpy.Environment):
    """An environment in which things can be planned for a time rather than for a delay.

    A delay would come to `now + (time - now)`, which is not always `time`: two who wait for the
    same instant would no longer meet.
    """

    def at(self, time: float, turn: Turn = Turn.USUAL) -> Event:
        event = Event(self)
        event._ok, event._value = True, None
        heapq.heappush(self._queue, (time, turn, next(self._eid), event))
        return event

    def call_at(self, time: float, job: Callable[[], None], turn: Turn = Turn.USUAL) -> None:
        self.at(time, turn).callbacks.append(lambda _: job())
