"""A world in memory that knows the truth: what lives, whatever its lists may say.

It implements every port, keeps its clock where it is put, and misbehaves as its ``Faults`` say.
Each port call is two steps, one before its effect and one after: at any of them the process
can be made to end, or something else to happen meanwhile.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from autoscaler.core.actions import Failure, Intent, Launch, Outcome
from autoscaler.core.errors import MemoryConflictError, StoreUnreachableError
from autoscaler.core.memory import Memory, dump, load
from autoscaler.core.model import Reading, Unknown
from autoscaler.core.ports import Pace, Stored
from autoscaler.core.record import Record
from autoscaler.core.signals import Signal
from autoscaler.core.tasks import Provider, Task
from autoscaler.look import Unpaced, World
from support.faults import NO_QUOTA, NO_ROOM, SHUT_OUT, Faults, Launching
from support.realtasks import Real
from support.values import NOW


@dataclass
class Skewed:
    """A replica's clock, which differs from the world's."""

    fake: FakeWorld
    seconds: float

    def now(self) -> float:
        return self.fake.time + self.seconds


def through_text(memory: Memory) -> Memory:
    """The memory as it comes back from a store."""
    return load(json.loads(json.dumps(dump(memory), allow_nan=False)))


def as_it_is(memory: Memory) -> Memory:
    """The memory itself: it is frozen, and its text is tested elsewhere."""
    return memory


@dataclass
class FakeWorld:
    """All ports in one. ``meanwhile`` says what happens at which step, once each."""

    time: float = NOW
    visible: dict[str, int | None] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    """By key, the signals that are known."""
    faults: Faults = field(default_factory=Faults)
    meanwhile: dict[int, Callable[[], None]] = field(default_factory=dict)
    real: dict[str, Real] = field(default_factory=dict)
    launched: dict[str, tuple[Intent, Outcome]] = field(default_factory=dict)
    """By token, what a RunTask call did, as ECS remembers it."""
    callers: list[str] = field(default_factory=list)
    """The fleet of each of them."""
    clashes: list[str] = field(default_factory=list)
    """Tokens that stood for two different launches."""
    saved: dict[str, tuple[int, Memory]] = field(default_factory=dict)
    """By fleet, with its version."""
    kept: Callable[[Memory], Memory] = through_text
    """What the store makes of a memory."""
    records: list[Record] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    most_living: Counter[str] = field(default_factory=Counter)
    decided: dict[str, Intent] = field(default_factory=dict)
    """By token, every launch that was ever saved, as it was first saved."""
    planned: dict[tuple[str, int], int] = field(default_factory=dict)
    """By fleet and tick id, the tasks of the first launches that were saved for it."""
    accepted: Counter[tuple[str, int]] = field(default_factory=Counter)
    doubled: list[str] = field(default_factory=list)
    """Tokens with which a tick came to more tasks than were first planned for it."""
    stray: list[str] = field(default_factory=list)
    """Tokens that were launched and never saved before."""
    pace: Pace = field(default_factory=Unpaced)

    def world(self, skew: float = 0.0) -> World:
        """The ports as a replica reaches them whose clock is ahead by so many seconds."""
        clock = Skewed(self, skew)
        return World(clock, self, self, self, self, self, pace=self.pace, signals=self)

    # ---------------------------------------------------------------------------- the truth

    def living(self, fleet: str = "f") -> list[Real]:
        return [one for one in self.real.values() if one.fleet == fleet and one.living]

    def start_all(self) -> None:
        for one in self.real.values():
            one.start(self.time)

    def stop(self, *ids: str) -> None:
        for task_id in ids:
            self.real[task_id].end(self.time)

    def memory(self, fleet: str = "f") -> Memory:
        """What is stored, seen without taking a step."""
        return self.saved[fleet][1] if fleet in self.saved else Memory()

    def called(self, port: str) -> int:
        """How often a port was called."""
        return self.steps.count(f"before {port}")

    @contextmanager
    def _step(self, port: str) -> Iterator[None]:
        self._at(f"before {port}")
        yield
        self._at(f"after {port}")

    def _at(self, step: str) -> None:
        event = self.meanwhile.pop(len(self.steps), None)
        self.steps.append(step)
        self.time += self.faults.latency
        if event:
            event()

    # ----------------------------------------------------------------------------- the ports

    def read(self, queues: Collection[str], now: float) -> Mapping[str, Reading]:
        with self._step("read"):
            return {name: self._reading(name, now) for name in queues}

    def _reading(self, name: str, now: float) -> Reading:
        visible = None if self.faults.queues_unknown else self.visible.get(name, 0)
        if visible is None:
            return Reading(name, now, trouble=f"{name} could not be read")
        return Reading(name, now, visible, 0, 0)

    def fetch(
        self, wanted: Mapping[str, Collection[Signal]], now: float
    ) -> Mapping[str, Mapping[str, float | Unknown]]:
        with self._step("fetch"):
            return {
                fleet: {one.key: self._number(one.key) for one in signals}
                for fleet, signals in wanted.items()
            }

    def _number(self, key: str) -> float | Unknown:
        return self.numbers[key] if key in self.numbers else Unknown(f"{key} has no datapoint")

    def listed(self, fleets: Collection[str]) -> Mapping[str, frozenset[str] | Unknown]:
        with self._step("listed"):
            if self.faults.list_unknown:
                return dict.fromkeys(fleets, Unknown("ListTasks did not answer"))
            return dict.fromkeys(fleets, frozenset(self._shown()))

    def _shown(self) -> Iterator[str]:
        """One cluster for all fleets: ECS filters by installation alone."""
        fleets = self.saved if self.faults.omitting else ()
        stored = {task_id for fleet in fleets for task_id in self.memory(fleet).tasks}
        for one in self.real.values():
            early = self.time - one.launched_at < self.faults.list_delay
            omitted = one.id in stored
            gone = one.stopped_at is not None and self._is_gone(one.stopped_at)
            if not early and not omitted and not gone:
                yield one.id

    def _is_gone(self, stopped_at: float) -> bool:
        return self.time - stopped_at >= self.faults.gone_delay

    def described(
        self, wanted: Mapping[str, frozenset[str]]
    ) -> Mapping[str, Mapping[str, Task] | Unknown]:
        with self._step("described"):
            if self.faults.describe_unknown:
                return dict.fromkeys(wanted, Unknown("DescribeTasks did not answer"))
            return {fleet: self._descriptions(ids) for fleet, ids in wanted.items()}

    def _descriptions(self, ids: frozenset[str]) -> dict[str, Task]:
        found = (self.real[task_id] for task_id in sorted(ids) if task_id in self.real)
        old = (one for one in found if self.time - one.launched_at >= self.faults.describe_delay)
        return {one.id: one.as_shown() for one in old}

    def launch(self, fleet: str, intent: Intent) -> Outcome:
        with self._step("launch"):
            outcome = self._run(fleet, intent)
        if self.faults.launching is Launching.RAISES_AFTER:
            raise ConnectionResetError("the connection broke")
        self.faults.lost_calls -= 1
        if self.faults.launching is Launching.LOST or self.faults.lost_calls >= 0:
            return Outcome(unsure="RunTask did not answer in time")
        return outcome

    def _run(self, fleet: str, intent: Intent) -> Outcome:
        if intent.token not in self.decided:
            self.stray.append(intent.token)
        if self.faults.launching is Launching.RAISES_BEFORE:
            raise ConnectionRefusedError("nobody is there")
        if failure := self._thrown():
            return Outcome((), (failure,), turned_away=True)
        if intent.token in self.launched:
            first, outcome = self.launched[intent.token]
            if first.launch != intent.launch:
                self.clashes.append(intent.token)
            return outcome  # as the ConflictException names the first launch's tasks
        outcome = self._place(fleet, intent)
        self.launched[intent.token] = intent, outcome
        self.callers.append(fleet)
        self.most_living[fleet] = max(self.most_living[fleet], len(self.living(fleet)))
        return outcome

    def _thrown(self) -> Failure | None:
        if self.faults.let_in > 0:
            self.faults.let_in -= 1
        elif self.faults.throttled_calls > 0:
            self.faults.throttled_calls -= 1
            return SHUT_OUT[Launching.THROTTLED]
        return SHUT_OUT.get(self.faults.launching)

    def _place(self, fleet: str, intent: Intent) -> Outcome:
        launch = intent.launch
        accepted = self._accepted(launch)
        ids = tuple(f"task-{len(self.real) + n}" for n in range(accepted))
        self.accepted[fleet, intent.tick] += accepted
        if self.accepted[fleet, intent.tick] > self.planned.get((fleet, intent.tick), 0):
            self.doubled.append(intent.token)
        for task_id in ids:
            self.real[task_id] = Real(task_id, fleet, launch.provider, intent.token, self.time)
        failure = NO_QUOTA if self.faults.launching is Launching.QUOTA else NO_ROOM
        return Outcome(ids, (failure,) * (launch.count - accepted))

    def _accepted(self, launch: Launch) -> int:
        short = self.faults.spot_short and launch.provider is Provider.FARGATE_SPOT
        if short or self.faults.launching in (Launching.REFUSED, Launching.QUOTA):
            return 0
        most = self.faults.accepts
        return launch.count if most is None else min(launch.count, most)

    def load(self, fleet: str) -> Stored:
        with self._step("load"):
            if self.faults.load_fails:
                raise StoreUnreachableError("the store did not answer")
            version = self.saved[fleet][0] if fleet in self.saved else None
            return Stored(self.memory(fleet), version)

    def save(self, fleet: str, memory: Memory, expected: int | None) -> int:
        with self._step("save"):
            if self.faults.save_fails:
                raise StoreUnreachableError("the store did not answer")
            version = self.saved[fleet][0] if fleet in self.saved else None
            if version != expected:
                raise MemoryConflictError(f"the memory of {fleet} was saved by somebody else")
            written = self.put(fleet, memory)
        if self.faults.save_lost:
            raise StoreUnreachableError("the store's answer was lost")
        return written

    def put(self, fleet: str, memory: Memory) -> int:
        """Store a memory, whatever was there; returns its version."""
        version = 1 + (self.saved[fleet][0] if fleet in self.saved else 0)
        self.saved[fleet] = version, self.kept(memory)
        new = [intent for intent in memory.intents if intent.token not in self.decided]
        if new:
            planned = sum(intent.launch.count for intent in new)
            self.planned.setdefault((fleet, memory.tick), planned)
            self.decided |= {intent.token: intent for intent in new}
        return version

    def write(self, record: Record) -> None:
        with self._step("write"):
            self.records.append(record)
