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

from autoscaler.core.errors import MemoryConflictError, StoreUnreachableError
from autoscaler.core.memory import Memory, dump, load
from autoscaler.core.model import (
    Failure,
    Intent,
    Outcome,
    Provider,
    Reading,
    Task,
    TaskState,
    Unknown,
)
from autoscaler.core.ports import Stored
from autoscaler.core.record import Record
from autoscaler.look import World
from support.faults import Faults, Launching
from support.values import NOW


@dataclass
class Real:
    """A task as it really is."""

    id: str
    fleet: str
    provider: Provider
    token: str
    launched_at: float
    started_at: float | None = None
    stopped_at: float | None = None

    @property
    def living(self) -> bool:
        return self.stopped_at is None

    def as_shown(self) -> Task:
        if not self.living:
            state = TaskState.STOPPED
        else:
            state = TaskState.STARTING if self.started_at is None else TaskState.RUNNING
        return Task(
            id=self.id,
            fleet=self.fleet,
            provider=self.provider,
            state=state,
            token=self.token,
            created_at=self.launched_at,
            started_at=self.started_at,
            stopped_at=self.stopped_at,
        )


@dataclass
class FakeWorld:
    """All ports in one. ``meanwhile`` says what happens at which step, once each."""

    time: float = NOW
    visible: dict[str, int | None] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    meanwhile: dict[int, Callable[[], None]] = field(default_factory=dict)
    real: dict[str, Real] = field(default_factory=dict)
    launched: dict[str, tuple[Intent, Outcome]] = field(default_factory=dict)
    """By token, what a RunTask call did, as ECS remembers it."""
    callers: list[str] = field(default_factory=list)
    """The fleet of each of them."""
    clashes: list[str] = field(default_factory=list)
    """Tokens that stood for two different launches."""
    saved: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By fleet, version and JSON text."""
    records: list[Record] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    most_living: Counter[str] = field(default_factory=Counter)

    def world(self) -> World:
        return World(self, self, self, self, self, self)

    # ---------------------------------------------------------------------------- the truth

    def living(self, fleet: str = "f") -> list[Real]:
        return [one for one in self.real.values() if one.fleet == fleet and one.living]

    def start_all(self) -> None:
        for one in self.real.values():
            if one.living and one.started_at is None:
                one.started_at = self.time

    def stop(self, *ids: str) -> None:
        for task_id in ids:
            self.real[task_id].stopped_at = self.time

    def memory(self, fleet: str = "f") -> Memory:
        """What is stored, seen without taking a step."""
        return load(json.loads(self.saved[fleet][1])) if fleet in self.saved else Memory()

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
        if event:
            event()

    # ----------------------------------------------------------------------------- the ports

    def now(self) -> float:
        return self.time

    def read(self, queues: Collection[str], now: float) -> Mapping[str, Reading]:
        with self._step("read"):
            return {name: self._reading(name, now) for name in queues}

    def _reading(self, name: str, now: float) -> Reading:
        visible = None if self.faults.queues_unknown else self.visible.get(name, 0)
        if visible is None:
            return Reading(name, now, trouble=f"{name} could not be read")
        return Reading(name, now, visible, 0, 0)

    def listed(self, fleets: Collection[str]) -> Mapping[str, frozenset[str] | Unknown]:
        with self._step("listed"):
            if self.faults.list_unknown:
                return dict.fromkeys(fleets, Unknown("ListTasks did not answer"))
            return dict.fromkeys(fleets, frozenset(self._shown()))

    def _shown(self) -> Iterator[str]:
        """One cluster for all fleets: ECS filters by installation alone."""
        stored = {task_id for fleet in self.saved for task_id in self.memory(fleet).tasks}
        for one in self.real.values():
            early = self.time - one.launched_at < self.faults.list_delay
            omitted = self.faults.omitting and one.id in stored
            if one.living and not early and not omitted:
                yield one.id

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
        if self.faults.launching is Launching.LOST:
            return Outcome(unsure="RunTask did not answer in time")
        return outcome

    def _run(self, fleet: str, intent: Intent) -> Outcome:
        if self.faults.launching is Launching.RAISES_BEFORE:
            raise ConnectionRefusedError("nobody is there")
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

    def _place(self, fleet: str, intent: Intent) -> Outcome:
        asked, most = intent.launch.count, self.faults.accepts
        refused = self.faults.launching is Launching.REFUSED
        accepted = 0 if refused else min(asked, asked if most is None else most)
        ids = tuple(f"task-{len(self.real) + n}" for n in range(accepted))
        for task_id in ids:
            launch = intent.launch
            self.real[task_id] = Real(task_id, fleet, launch.provider, intent.token, self.time)
        failure = Failure("Capacity is unavailable at this time")
        return Outcome(ids, (failure,) * (asked - accepted))

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
            text = json.dumps(dump(memory), allow_nan=False)
            self.saved[fleet] = (version or 0) + 1, text
        if self.faults.save_lost:
            raise StoreUnreachableError("the store's answer was lost")
        return self.saved[fleet][0]

    def write(self, record: Record) -> None:
        with self._step("write"):
            self.records.append(record)
