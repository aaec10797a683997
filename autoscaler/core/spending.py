"""What a fleet's tasks have cost: billed seconds, priced once the price of a task is known.

A task is counted when it ends, and until then at every look by what it has cost so far. One that
ends is counted by the tick that takes it out of the memory, and so once; tasks that started and
ended unseen, of a launch whose outcome nobody knew, are not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from autoscaler.core.cost import Tariff, billed_seconds
from autoscaler.core.learned import Mean
from autoscaler.core.tasks import Provider, Task

LIFE_MEMORY = 20.0
"""Tasks after which the billed life of an old one has faded to a third."""


@dataclass(frozen=True, slots=True)
class Money:
    """What the tasks of a fleet cost, and have cost."""

    tariff: Tariff
    spent: float
    """US dollars since the fleet's first tick, live tasks so far included; only ever rises."""
    life: float | None = None
    """Seconds that a task is usually billed for; None: none has ended yet."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What ended tasks have cost since the fleet's first tick, and how to price the others."""

    dollars: float = 0.0
    unpriced: Mapping[str, float] = field(default_factory=dict)
    """Billed seconds by provider, of tasks that ended before the price was known."""
    life: Mean = field(default_factory=Mean)
    """Seconds that a task is billed for."""
    tariff: Tariff | None = None
    """The last that was known: a look that fails now and then does not lift a budget."""

    def knowing(self, tariff: Tariff | None) -> Spending:
        """With a newly known price, or with the old one where none is known now."""
        known = tariff or self.tariff
        if known is None:
            return self
        owed = sum(seconds * _rate(known, name) for name, seconds in self.unpriced.items())
        return replace(self, dollars=self.dollars + owed, unpriced={}, tariff=known)

    def after(self, ended: Iterable[Task]) -> Spending:
        """With tasks that have ended, or are given up as lost."""
        unpriced, life = dict(self.unpriced), self.life
        for task in ended:
            seconds, name = billed(task), _provider(task)
            if seconds:
                unpriced[name] = unpriced.get(name, 0.0) + seconds
                life = life.add(seconds, 1.0, LIFE_MEMORY)
        return replace(self, unpriced=unpriced, life=life).knowing(None)

    def money(self, tasks: Iterable[Task]) -> Money | None:
        """What all tasks have cost, those not ended so far; None: the price is unknown."""
        if self.tariff is None:
            return None
        so_far = sum(cost_so_far(task, self.tariff) for task in tasks)
        return Money(self.tariff, self.dollars + so_far, self.life.value)


def cost_so_far(task: Task, tariff: Tariff) -> float:
    """Dollars that a task has cost up to its end, or to the last time it was seen."""
    return billed(task) * rate_of(tariff, task)


def rate_of(tariff: Tariff, task: Task) -> float:
    """Dollars a second that a task costs."""
    return _rate(tariff, _provider(task))


def billed(task: Task) -> int:
    """Seconds that are billed for a task up to its end, or to the last time it was seen.

    None for one that has not begun to pull its image [AWS Fargate pricing].
    """
    start = task.started_at if task.pull_started_at is None else task.pull_started_at
    if start is None:
        return 0
    seen = (task.stopped_at, task.seen_at, start)
    return billed_seconds(start, next(at for at in seen if at is not None))


def _provider(task: Task) -> str:
    return task.provider or Provider.FARGATE


def _rate(tariff: Tariff, provider: str) -> float:
    """Dollars a second; of a provider without a price, the dearest."""
    own = tariff.per_second.get(provider)
    return tariff.dearest if own is None else own
