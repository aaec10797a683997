"""Everything together: arrivals, the queue, tasks, and somebody who looks and launches."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.trace import Trace
from support.reference_world.clock import Clock, Turn
from support.reference_world.fate import Fate
from support.reference_world.queue import Message, Queue
from support.reference_world.worker import Notice, Worker


@dataclass(frozen=True)
class Simple:
    """Launches what is missing: a task for so many messages, at most so many tasks."""

    period: float
    messages_per_task: int
    most: int

    def launches(self, visible: int, in_flight: int, live: int) -> int:
        wanted = min(math.ceil((visible + in_flight) / self.messages_per_task), self.most)
        return max(0, wanted - live)


class ReferenceWorld:
    """`messages` and `workers` tell what happened."""

    def __init__(
        self,
        trace: Trace,
        knobs: Knobs,
        poison: NDArray[np.bool_],
        fate_of: Callable[[int], Fate],
    ) -> None:
        assert trace.work is not None
        self._trace, self._knobs, self._fate_of = trace, knobs, fate_of
        self.clock = Clock()
        each = zip(trace.work.tolist(), poison.tolist(), strict=True)
        self.messages = [Message(number, *drawn) for number, drawn in enumerate(each)]
        self._queue = Queue(self.clock, knobs, self.messages)
        self.workers: list[Worker] = []
        self.clock.process(self._arrivals())

    def launched_by(self, policy: Simple, phase: float) -> ReferenceWorld:
        self.clock.process(self._looks(policy, phase))
        return self

    def run(self, until: float) -> None:
        self.clock.run(until)

    def _arrivals(self) -> Iterator[Any]:
        """Those of one instant are all there before anybody gets one."""
        together = groupby(self.messages, lambda message: self._trace.arrivals[message.number])
        for at, messages in together:
            yield self.clock.at(float(at), Turn.ARRIVAL)
            self._queue.show(list(messages))

    def _looks(self, policy: Simple, phase: float) -> Iterator[Any]:
        for look in count():
            yield self.clock.at(phase + look * policy.period, Turn.LOOK)
            live = sum(worker.listed for worker in self.workers)
            for _ in range(policy.launches(self._queue.visible, self._queue.in_flight, live)):
                self.launch()

    def launch(self, notice: Notice | None = None) -> None:
        fate = self._fate_of(len(self.workers))
        self.workers.append(Worker(self.clock, self._queue, self._knobs, fate, notice))
