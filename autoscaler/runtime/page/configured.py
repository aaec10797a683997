"""What the configuration says of a queue, as far as the page shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from autoscaler.core.promises import promised
from autoscaler.core.settings import Settings


@runtime_checkable
class Windowed(Protocol):
    """A policy that holds at certain times, such as `cost_window`."""

    def state(self, at: float) -> tuple[bool, float | None]:
        """Whether it holds at this second, and when that changes; None: never."""


@runtime_checkable
class Budgeted(Protocol):
    """A policy that gives a fleet so much money for a period, such as `budget`."""

    dollars: float
    per: str


@dataclass(frozen=True, slots=True)
class Configured:
    """One queue."""

    queue: str
    fleet: str
    promise: float | None
    """Seconds a message may wait to be started; None: its policies promise nothing."""
    max_tasks: int | None
    """Of its fleet; None: no tick decides how many tasks that has."""
    budgets: Mapping[str, Budgeted]
    """Of the whole fleet, by ``queue/policy``: all its queues spend one money."""
    windows: Mapping[str, Windowed]


def configured(settings: Settings) -> Mapping[str, Configured]:
    """Every queue of these settings, by its name."""
    most = {fleet.name: fleet.limits.max_tasks for fleet in settings.rulebook().fleets}
    return {
        name: Configured(
            queue=name,
            fleet=queue.fleet,
            promise=promised(queue.policies.values()),
            max_tasks=most.get(queue.fleet),
            budgets=dict(_budgets(settings, queue.fleet)),
            windows={
                policy: one for policy, one in queue.policies.items() if isinstance(one, Windowed)
            },
        )
        for name, queue in settings.queues.items()
    }


def _budgets(settings: Settings, fleet: str) -> Iterator[tuple[str, Budgeted]]:
    for name, queue in settings.queues.items():
        if queue.fleet == fleet:
            for policy, one in queue.policies.items():
                if isinstance(one, Budgeted):
                    yield f"{name}/{policy}", one
