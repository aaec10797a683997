"""Many workers at one virtual queue: what the leaving rule makes of a fleet."""

from random import Random

from autoscaler.worker.hook_calls import Hooks
from autoscaler.worker.loop import Loop
from autoscaler.worker.message import Message
from autoscaler.worker.protection import Unprotected
from autoscaler.worker.rules import QueueRules, Rules
from autoscaler.worker.source import open_source
from autoscaler.worker.teller import Teller
from support.virtual_bench import VirtualBench, VirtualClock, drive
from support.virtual_queue import VirtualQueue
from support.worker_world import NoPayloads, Notes


class VirtualFleet:
    """So many workers that start together; messages arrive evenly, as many as keep slots busy.

    Work is exponential around `work_seconds`.
    """

    def __init__(
        self, tasks: int, slots: int, busy_slots: float, work_seconds: float, seed: int
    ) -> None:
        self.clock, self._random = VirtualClock(), Random(seed)
        self._slots, self._work_seconds = slots, work_seconds
        self.queue = VirtualQueue(self.clock, visibility=60)
        self.sent: dict[str, float] = {}
        self.started: dict[str, float] = {}
        self.loops = dict(self._task(number) for number in range(tasks))
        self._pause = work_seconds / busy_slots
        self._arrive()

    def run(self, until: float) -> None:
        drive(self.clock, self.loops, until)

    @property
    def alive(self) -> int:
        return sum(not loop.over for loop in self.loops.values())

    def waits(self) -> list[float]:
        """Seconds from sending to starting, for all that were started."""
        return [at - self.sent[each] for each, at in self.started.items()]

    def _task(self, number: int) -> tuple[VirtualBench, Loop]:
        bench, notes = VirtualBench(self._work, self.clock), Notes()
        rules = QueueRules(60, 5.0, 1, 300.0, self._slots)
        source = open_source("queue", rules, self.queue, bench, notes, NoPayloads())
        teller = Teller(bench, notes, Hooks((), bench, notes, bench.now))
        given = Rules(self._slots, not_before=60.0, grace_seconds=25.0)
        return bench, Loop(given, [source], teller, Random(number), Unprotected())

    def _work(self, message: Message) -> tuple[float, None]:
        self.started[message.id] = self.clock.time
        return self._random.expovariate(1 / self._work_seconds), None

    def _arrive(self) -> None:
        (sent,) = self.queue.send("x", at=self.clock.time)
        self.sent[sent] = self.clock.time
        self.clock.at(self.clock.time + self._pause, self._arrive)
