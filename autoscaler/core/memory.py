"""What one tick leaves for the next, for one fleet: a value, changed by making a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autoscaler.core.actions import Intent, Outcome
from autoscaler.core.altered import altered
from autoscaler.core.breaker import Breaker
from autoscaler.core.codec import decode, encode
from autoscaler.core.errors import MemoryUnreadableError
from autoscaler.core.instance_groups import Retiring
from autoscaler.core.learned import Learned
from autoscaler.core.service import Course
from autoscaler.core.spending import Spending
from autoscaler.core.spot import SpotHistory
from autoscaler.core.tasks import Task, TaskState

VERSION = 1
"""Of the saved form. A reader refuses what is newer than itself."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The counts of a queue at one tick, as far as they were known."""

    at: float
    visible: int
    in_flight: int
    delayed: int

    @property
    def total(self) -> int:
        """Messages that are in the queue in any state."""
        return self.visible + self.in_flight + self.delayed


@dataclass(frozen=True, slots=True)
class By:
    """Who asked for something, and when."""

    who: str
    at: float


@dataclass(frozen=True)
class Memory:
    """What the controller knows of one fleet between ticks."""

    tick: int = 0
    """Tick id of the last decision; decided once per tick id."""
    tasks: Mapping[str, Task] = field(default_factory=dict)
    """Every task that is, or may still be, live."""
    intents: tuple[Intent, ...] = ()
    """Launches whose outcome is not known."""
    next_n: int = 0
    """The number that the next launch of this tick is named by; no number is used twice."""
    spot_owed: float = 0.0
    """The fraction of a task that rounding has taken from Spot so far, -0.5 to 0.5."""
    samples: Mapping[str, tuple[Sample, ...]] = field(default_factory=dict)
    """For each queue its recent counts, oldest first."""
    blind_ticks: Mapping[str, int] = field(default_factory=dict)
    learned: Learned = field(default_factory=Learned)
    notes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What each policy asked to keep, by ``queue/policy``."""
    breaker: Breaker = field(default_factory=Breaker)
    spot: SpotHistory = field(default_factory=SpotHistory)
    spending: Spending = field(default_factory=Spending)
    left_at: float | None = None
    """When a task was last seen to have left by itself."""
    flat_groups: Mapping[str, int] = field(default_factory=dict)
    """FIFO queues whose message groups in flight stopped rising while tasks were added: at what."""
    paused: Mapping[str, float | None] = field(default_factory=dict)
    """Queues that people have paused, and until when; None: until they are resumed."""
    paused_by: Mapping[str, By] = field(default_factory=dict)
    """Who paused them, where that is known."""
    course: Course = field(default_factory=Course)
    """Of a fleet that is a service."""
    retiring: Retiring = field(default_factory=Retiring)
    """Of the EC2 instances that a fleet's tasks run on."""

    def intending(self, intents: tuple[Intent, ...]) -> Memory:
        """With launches about to be carried out. From here on they count as live."""
        after = max((intent.n + 1 for intent in intents), default=0)
        if not intents:
            return self
        return altered(self, intents=self.intents + intents, next_n=max(self.next_n, after))

    def sharing(self, intents: tuple[Intent, ...]) -> Memory:
        """With these of its launches marked, before somebody else carries them out too."""
        if not intents:
            return self
        tokens = {intent.token for intent in intents}
        shared = (altered(one, shared=one.shared or one.token in tokens) for one in self.intents)
        return altered(self, intents=tuple(shared))

    def among(self, intents: tuple[Intent, ...]) -> tuple[Intent, ...]:
        """These launches as this memory has them."""
        if not intents:
            return ()
        tokens = {intent.token for intent in intents}
        return tuple(intent for intent in self.intents if intent.token in tokens)

    def settled(self, outcomes: Mapping[str, Outcome], fleet: str, now: float) -> Memory:
        """With what became of launches, by token. An unsure one stays an intent.

        So does a shared one that was turned away: under the same token somebody else may have
        been let in.
        """
        memory = self
        for intent in self.intents:
            outcome = outcomes.get(intent.token)
            if outcome is not None and _is_settled(intent, outcome):
                memory = memory._settle(intent, outcome, fleet, now)
        return memory

    def _settle(self, intent: Intent, outcome: Outcome, fleet: str, now: float) -> Memory:
        new = {
            task_id: Task(
                id=task_id,
                fleet=fleet,
                provider=intent.launch.provider,
                state=TaskState.STARTING,
                token=intent.token,
                launched_at=now,
            )
            for task_id in outcome.tasks
            if task_id not in self.tasks
        }
        return altered(
            self,
            tasks={**self.tasks, **new},
            intents=tuple(other for other in self.intents if other.token != intent.token),
        )


def _is_settled(intent: Intent, outcome: Outcome) -> bool:
    return outcome.unsure is None and not (intent.shared and outcome.turned_away)


def dump(memory: Memory) -> dict[str, Any]:
    """The JSON form of a memory, with its version."""
    return {"version": VERSION, "memory": encode(memory)}


def load(saved: object) -> Memory:
    """Read the JSON form back.

    Raises:
        MemoryUnreadableError: it is damaged, or a newer version wrote it.
    """
    version = saved.get("version") if isinstance(saved, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise MemoryUnreadableError(
            f"the saved memory has version {version} and this program reads up to {VERSION}; "
            "run the newer version, or delete the item to start afresh"
        )
    if version != VERSION or not isinstance(saved, dict):
        raise MemoryUnreadableError(f"the saved memory is damaged: no version {VERSION} in it")
    try:
        return decode(Memory, saved["memory"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise MemoryUnreadableError(f"the saved memory is damaged: {error}") from error
