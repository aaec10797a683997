"""What is compared: a configuration of ours, or a peer."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from autoscaler.core.codec import encode
from autoscaler.core.rules import Policy, Rulebook
from autoscaler.core.settings import LaunchRate
from autoscaler.simulation.drivers import Driver, OurController
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.peers.hands import HANDS
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.peers.registry import PEERS
from autoscaler.simulation.scores.elastic import demand
from autoscaler.simulation.trace import LONGEST_WORK, Trace


@dataclass(frozen=True, slots=True)
class Task:
    """What a subject is given to do."""

    trace: Trace
    knobs: Knobs
    promise: float
    """Seconds."""


class Subject(Protocol):
    """Whoever decides."""

    @property
    def name(self) -> str:
        """As in tables."""

    def driver(self, task: Task) -> Driver:
        """A new one, that knows nothing yet."""

    def knobs(self, task: Task) -> Knobs:
        """The world with the worker that runs in this subject's tasks."""

    def told(self) -> Mapping[str, Any]:
        """All that its decisions depend on, as JSON."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The controller that runs in production, by the rules of one queue and its fleet."""

    name: str
    rules: Rulebook
    rate: LaunchRate = field(default_factory=LaunchRate)
    written: str = ""
    """As its user wrote it; nothing depends on it."""

    def driver(self, task: Task) -> Driver:
        """The controller; it keeps no records."""
        del task
        return OurController(self.rules, rate=self.rate)

    def knobs(self, task: Task) -> Knobs:
        """The world as it is: its worker is ours."""
        return task.knobs

    def told(self) -> Mapping[str, Any]:
        """The rules, and the code of each policy, which may be anyone's."""
        policies = [
            policy
            for fleet in self.rules.fleets
            for queue in fleet.queues
            for policy in queue.policies.values()
        ]
        return {
            "rules": encode(self.rules),
            "rate": encode(self.rate),
            "policies": [_code(policy) for policy in policies],
        }


@dataclass(frozen=True, slots=True)
class Rival:
    """A peer, set as its users would for this trace and promise."""

    name: str
    """In ``PEERS``."""
    options: Options = field(default_factory=Options)
    """What is left to its users; work, start-up, slots and promise come from the task."""
    hands: str = "own"
    """Whose worker runs in its tasks: a name in ``HANDS``."""

    def driver(self, task: Task) -> Driver:
        """The peer's, told of the trace what its users would find out about their queue."""
        work, start_up = task.trace.work, task.knobs.start_up
        told = replace(
            self.options,
            slots=task.knobs.workers.slots,
            promise=task.promise,
            mean_work=float(work.mean()) if work is not None and len(work) else 1.0,
            start_up=start_up.unbilled + start_up.billed,
            always_on=_at_the_peak(task),
        )
        return PEERS[self.name](told)

    def knobs(self, task: Task) -> Knobs:
        """With the peer's worker, on a queue whose visibility suits it.

        One that does not extend it while it works needs as long as its batch takes; its users
        would have found that out. A queue that the peer ships is left as it is.
        """
        knobs = PEERS[self.name].world(task.knobs, HANDS[self.hands])
        if knobs.workers.extends or self.hands != "own":
            return knobs
        batch = knobs.workers.batch if knobs.workers.serial else 1
        needed = min(batch * _longest(task.trace), LONGEST_WORK)
        suits = max(knobs.queue.visibility, needed)
        return replace(knobs, queue=replace(knobs.queue, visibility=suits))

    def told(self) -> Mapping[str, Any]:
        """Its name, and what was chosen for it."""
        return {"peer": self.name, "options": asdict(self.options), "hands": self.hands}


def _longest(trace: Trace) -> float:
    """Seconds that the longest message takes."""
    return 0.0 if trace.work is None else float(trace.work.max(initial=0.0))


def _at_the_peak(task: Task) -> int:
    """Tasks that nobody would have to wait for 99 % of the time: what a static fleet is given."""
    needed = demand(task.trace, task.knobs.workers.slots)
    seconds = np.diff(np.append(needed.at, max(task.trace.seconds, *needed.at[-1:], 0.0)))
    order = np.argsort(needed.count)
    passed = np.cumsum(seconds[order])
    place = np.searchsorted(passed, 0.99 * passed[-1]) if len(passed) else 0
    return max(1, int(needed.count[order][place])) if len(passed) else 1


def _code(policy: Policy) -> list[str]:
    """Which class this is, and a digest of the file it is written in."""
    kind = type(policy)
    try:
        text = Path(inspect.getfile(kind)).read_bytes()
    except (OSError, TypeError):  # a class made on the fly is known by its name alone
        text = b""
    return [kind.__module__, kind.__qualname__, hashlib.sha256(text).hexdigest()]


def written(told: Mapping[str, Any]) -> str:
    """JSON that is the same for the same things, in whatever order they were put together."""
    return json.dumps(told, sort_keys=True, default=_plain)


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, set | frozenset) else repr(value)
