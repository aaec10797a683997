"""A worker's loop at virtual queues, run without sleeping."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from autoscaler.worker.hook_calls import Hooks
from autoscaler.worker.hooks import Hook
from autoscaler.worker.loop import Loop
from autoscaler.worker.message import Message
from autoscaler.worker.payloads import Pointer
from autoscaler.worker.ports import Payloads
from autoscaler.worker.protection import Agent, Protection, Unprotected
from autoscaler.worker.rules import QueueRules, Rules
from autoscaler.worker.source import open_source
from autoscaler.worker.teller import Teller
from support.virtual_bench import Outcome, VirtualBench, drive
from support.virtual_queue import VirtualQueue


class Notes:
    """A report that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, object]]] = []

    def __call__(self, event: str, **facts: object) -> None:
        self.events.append((event, facts))

    def named(self, name: str) -> list[dict[str, object]]:
        return [facts for event, facts in self.events if event == name]


class NoPayloads:
    """What a worker has whose messages carry their bodies themselves."""

    def fetch(self, pointer: Pointer) -> str:
        raise AssertionError(pointer)

    def delete(self, pointer: Pointer) -> None:
        raise AssertionError(pointer)


class World:
    """A loop with a virtual queue; `work` says how long a message takes and what it raises.

    `more` are rules that only some tests give; `others` are further queues, by name.
    """

    def __init__(
        self,
        work: Callable[[Message], Outcome] | float = 1.0,
        *,
        slots: int = 1,
        visibility: int = 30,
        wait: float = 5.0,
        retry_cap: float = 300.0,
        time_limit: float = math.inf,
        max_receives: int = 1000,
        seed: int = 0,
        hooks: Sequence[Hook] = (),
        payloads: Payloads | None = None,
        more: Mapping[str, Any] | None = None,
        others: Mapping[str, Mapping[str, Any]] | None = None,
        agent: Agent | None = None,
        **rules: Any,
    ) -> None:
        self.bench = VirtualBench(_script(work))
        self.notes = Notes()
        self.hooks = Hooks(hooks, self.bench, self.notes, self.bench.now)
        common = QueueRules(visibility, wait, 1, retry_cap, slots, time_limit)
        self.queues: dict[str, VirtualQueue] = {}
        sources = []
        for name, own in {"queue": more or {}, **(others or {})}.items():
            self.queues[name] = VirtualQueue(self.bench.clock, visibility, max_receives, name)
            source = (name, replace(common, **own), self.queues[name], self.bench, self.notes)
            sources.append(open_source(*source, payloads or NoPayloads()))
        self.queue = self.queues["queue"]
        given = Rules(**{"slots": slots, "not_before": 0.0, "grace_seconds": 25.0, **rules})
        teller = Teller(self.bench, self.notes, self.hooks)
        protection = Protection(agent, self.bench, self.notes) if agent else Unprotected()
        self.loop = Loop(given, sources, teller, Random(seed), protection)

    def run(self, until: float = math.inf) -> "World":
        drive(self.bench.clock, {self.bench: self.loop}, until)
        return self


def _script(work: Callable[[Message], Outcome] | float) -> Callable[[Message], Outcome]:
    return work if callable(work) else lambda _message: (work, None)
