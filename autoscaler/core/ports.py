"""What a world must offer for ticks to happen in it: the real AWS, a local or a simulated one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from autoscaler.core.actions import Intent, Outcome
from autoscaler.core.cost import Tariff
from autoscaler.core.instance_groups import Group, Step, StepTaken
from autoscaler.core.memory import Memory
from autoscaler.core.model import Reading, Unknown
from autoscaler.core.record import Record
from autoscaler.core.service import Service
from autoscaler.core.signals import Signal
from autoscaler.core.suspension import Suspension
from autoscaler.core.tasks import Provider, Task


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> float:
        """Seconds since the epoch."""


class Pace(Protocol):
    """Keeps launches within what the account may launch in a time."""

    def take(self, fleet: str, provider: Provider, count: int, now: float) -> int:
        """How many of these tasks may be launched now; the rest is dropped, never owed."""


class Queues(Protocol):
    """Looks at queues."""

    def read(self, queues: Collection[str], now: float) -> Mapping[str, Reading]:
        """A reading of each; what could not be read is None in it and ``trouble`` says why."""


class Tasks(Protocol):
    """Looks at tasks. Fleets of one cluster share one sweep."""

    def listed(self, fleets: Collection[str]) -> Mapping[str, frozenset[str] | Unknown]:
        """For each fleet, the installation's tasks in its cluster that are not stopping.

        Other fleets' tasks may be among them: ECS can only filter by who started them.
        """

    def described(
        self, wanted: Mapping[str, frozenset[str]]
    ) -> Mapping[str, Mapping[str, Task] | Unknown]:
        """The wanted tasks of each fleet's cluster by id; those ECS does not know are absent."""


class Tariffs(Protocol):
    """Tells what tasks cost."""

    def of(self, fleets: Collection[str]) -> Mapping[str, Tariff | Unknown]:
        """What a task of each fleet costs, or why that is unknown."""


class Signals(Protocol):
    """Fetches what policies need to know beyond queues and tasks."""

    def fetch(
        self, wanted: Mapping[str, Collection[Signal]], now: float
    ) -> Mapping[str, Mapping[str, float | Unknown]]:
        """Each fleet's signals by their keys, all in one go; finite, or why it is unknown."""


class Actions(Protocol):
    """Carries out what was decided and saved."""

    def launch(self, fleet: str, intent: Intent) -> Outcome:
        """Start the intent's tasks under its token; repeating it starts none a second time."""


class Services(Protocol):
    """Looks at services and sets how many tasks they keep."""

    def seen(self, fleets: Collection[str]) -> Mapping[str, Service | Unknown]:
        """The service of each of these fleets, and what else scales it."""

    def set_desired(self, fleet: str, count: int) -> Outcome:
        """Have the fleet's service keep so many tasks. No task is named in the answer."""

    def suspend(self, fleet: str, suspension: Suspension) -> Outcome:
        """Have just so much of Application Auto Scaling's hold on the service suspended."""


class InstanceGroups(Protocol):
    """Looks at and changes the EC2 instances that fleets' tasks run on."""

    def seen(self, fleet: str) -> Group | Unknown | None:
        """A fleet's group as it is now; None: the fleet has none that is ours to scale."""

    def take(self, fleet: str, group: Group, step: Step) -> StepTaken:
        """Do one thing to the group; doing it again changes nothing more."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A memory as a store holds it. ``version`` None: nothing is stored yet."""

    memory: Memory
    version: int | None
    trouble: str | None = None
    """Why what was stored could not be used, in a sentence."""


class MemoryStore(Protocol):
    """Keeps one memory a fleet, and never lets one writer undo another."""

    def load(self, fleet: str) -> Stored:
        """What is stored; a blank memory where nothing is.

        Raises:
            StoreUnreachableError: the store did not answer.
        """

    def save(self, fleet: str, memory: Memory, expected: int | None) -> int:
        """Store the memory if the version is still the expected one; returns the new version.

        Raises:
            MemoryConflictError: somebody else saved in between.
            StoreUnreachableError: the store did not answer.
        """


class Records(Protocol):
    """Keeps what ticks did."""

    def write(self, record: Record) -> None:
        """Take one record; may not raise, may not block."""
