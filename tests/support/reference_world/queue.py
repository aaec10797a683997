"""A standard queue of SQS that hands out the oldest first, and those who wait at it."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from math import nan
from typing import Protocol

from autoscaler.simulation.knobs import Knobs
from support.reference_world.clock import Clock


class Where(Enum):
    AHEAD = auto()
    VISIBLE = auto()
    IN_FLIGHT = auto()
    GONE = auto()


@dataclass(eq=False)
class Message:
    number: int
    work: float
    poison: bool
    where: Where = Where.AHEAD
    receives: int = 0
    started_at: float = nan
    finished_at: float = nan
    dead: bool = False


@dataclass(eq=False)
class Delivery:
    message: Message
    receive: int
    received_at: float


class Waiting(Protocol):
    """Somebody who waits at the empty queue."""

    asked: int

    def given(self, messages: Sequence[Message]) -> None: ...


class Queue:
    def __init__(self, clock: Clock, knobs: Knobs, messages: Sequence[Message]) -> None:
        self._clock, self._knobs, self.messages = clock, knobs, messages
        self._visible: list[int] = []
        self._coming_back: dict[float, list[tuple[Message, int]]] = {}
        self.line: list[Waiting] = []

    @property
    def visible(self) -> int:
        return sum(self.messages[each].where is Where.VISIBLE for each in self._visible)

    @property
    def in_flight(self) -> int:
        return sum(each.where is Where.IN_FLIGHT for each in self.messages)

    def show(self, messages: Sequence[Message]) -> None:
        """Let these be received, and give them to those who wait."""
        for message in messages:
            message.where = Where.VISIBLE
            heapq.heappush(self._visible, message.number)
        while self.line and (given := self.take(self.line[0].asked)):
            self.line.pop(0).given(given)

    def take(self, most: int) -> list[Message]:
        taken: list[Message] = []
        while self._visible and len(taken) < most:
            message = self.messages[heapq.heappop(self._visible)]
            if message.where is Where.VISIBLE and self._handed_out(message):
                taken.append(message)
        return taken

    def delete(self, message: Message) -> None:
        """Whoever had it last may delete it, even where others have it again by now."""
        if message.where is not Where.GONE:
            message.where, message.finished_at = Where.GONE, self._clock.now

    def put_off(self, message: Message, receive: int) -> None:
        """It failed: it comes back later each time, unless it was never kept from others."""
        if self._knobs.workers.extends:
            pause = min(2.0**message.receives, self._knobs.workers.retry_cap)
            self.back_at(self._clock.now + pause, message, receive)

    def back_at(self, time: float, message: Message, receive: int) -> None:
        """It can be received again from then on, unless it was received in the meantime.

        Those that come back at one instant come back together.
        """
        if time not in self._coming_back:
            self._coming_back[time] = []
            self._clock.call_at(time, lambda: self.give_back(self._coming_back.pop(time)))
        self._coming_back[time].append((message, receive))

    def give_back(self, received: Iterable[tuple[Message, int]]) -> None:
        self.show(
            [
                message
                for message, receive in received
                if message.where is Where.IN_FLIGHT and message.receives == receive
            ]
        )

    def _handed_out(self, message: Message) -> bool:
        if message.receives == self._knobs.queue.max_receives:
            message.where, message.dead = Where.GONE, True
            return False
        message.where = Where.IN_FLIGHT
        message.receives += 1
        if not self._knobs.workers.extends:
            ends = self._clock.now + self._knobs.queue.visibility
            self.back_at(ends, message, message.receives)
        return True
