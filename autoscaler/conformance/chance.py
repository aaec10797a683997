"""Observations by chance, from a seed: ordinary ones, empty ones, huge ones, half unknown ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from autoscaler.core.cost import Tariff, TaskSize
from autoscaler.core.learned import Learned, Mean, QueueLearned
from autoscaler.core.model import Minute, Observation, Reading
from autoscaler.core.spending import Money
from autoscaler.core.tasks import Fleet, Provider, Task, TaskState

T = TypeVar("T")

QUEUE = "q"
PERIODS = (60.0, 120.0, 300.0)
EPOCH = 1_577_836_800.0  # 2020
YEARS = 15 * 365.25 * 86_400

JUNK: tuple[Any, ...] = (None, "text", "", -1, 1e300, True, [], {}, [[1]], {"a": None})
"""What may stand in notes that another version of a policy, or nobody sane, wrote."""


class Chance:
    """Makes observations for a policy that needs these signals; the same seed, the same ones."""

    def __init__(self, seed: int, signals: Collection[str]) -> None:
        self._random = random.Random(seed)
        self._signals = tuple(signals)

    def observation(self, unknown: float, notes: Mapping[str, Any] | None) -> Observation:
        """One more observation; ``unknown`` is the chance of each thing to be unknown."""
        rng = self._random
        now = EPOCH + rng.random() * YEARS
        tick = int(now) - rng.choice((0, 0, 1, 30))
        return Observation(
            now=now,
            tick=tick,
            next_tick_at=tick + rng.choice(PERIODS),
            readings={QUEUE: self._reading(now, unknown)},
            fleet=self._fleet(now),
            learned=self._learned(unknown),
            signals={key: self._maybe(unknown, self._number) for key in self._signals},
            blind_ticks={QUEUE: rng.randrange(9)} if rng.random() < unknown else {},
            money=self._maybe(unknown, self._money),
            queue=QUEUE,
            notes=notes,
        )

    def more(self, most: float) -> float:
        """An amount above zero."""
        return self._random.choice((1, 10, 1000, most)) * (1 - self._random.random())

    def junk(self, notes: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """Notes with the same keys and other values, or with none of its keys."""
        rng = self._random
        damaged = {key: rng.choice((value, *JUNK)) for key, value in (notes or {}).items()}
        return rng.choice((damaged, {"junk": rng.choice(JUNK)}, {}))

    def _maybe(self, unknown: float, make: Callable[[], T]) -> T | None:
        return None if self._random.random() < unknown else make()

    def _count(self) -> int:
        rng = self._random
        return rng.choice((0, 0, 1, rng.randrange(20), rng.randrange(5000), rng.randrange(10**8)))

    def _number(self) -> float:
        rng = self._random
        size = rng.choice((0.0, 1e-6, 1.0, 100.0, 1e4, 1e12, -1.0))
        return size * rng.random()

    def _reading(self, now: float, unknown: float) -> Reading:
        maybe, rng = self._maybe, self._random
        minutes = 0 if self._blank(unknown) else rng.choice((1, 2, 10))
        ends = now // 60 * 60 - 60 * rng.randrange(3)
        return Reading(
            QUEUE,
            now,
            visible=maybe(unknown, self._count),
            in_flight=maybe(unknown, self._count),
            delayed=maybe(unknown, self._count),
            minutes=tuple(self._minute(ends - 60 * n, unknown) for n in reversed(range(minutes))),
            dead_letters=maybe(unknown, self._count),
        )

    def _minute(self, ends_at: float, unknown: float) -> Minute:
        """Whatever a minute can tell: each an amount of its own."""
        told = [field.name for field in fields(Minute) if field.name != "ends_at"]
        return Minute(ends_at, **{name: self._maybe(unknown, self._amount) for name in told})

    def _amount(self) -> float:
        rng = self._random
        return float(rng.choice((0, 1, rng.randrange(900), rng.randrange(10**6))))

    def _fleet(self, now: float) -> Fleet:
        rng = self._random
        tasks = tuple(self._task(n, now) for n in range(rng.choice((0, 0, 1, 3, 12))))
        return Fleet(tasks, rng.choice((0, 0, 0, 1, 1000)))

    def _task(self, n: int, now: float) -> Task:
        rng = self._random
        provider = rng.choice((Provider.FARGATE, Provider.FARGATE_SPOT))
        born = now - rng.random() * rng.choice((60, 3600, 86_400))
        task = Task(f"task-{n}", "f", provider, TaskState.STARTING, launched_at=born)
        if rng.random() < 0.3:
            return task
        return replace(
            task,
            state=TaskState.RUNNING,
            seen_at=now,
            created_at=born,
            started_at=born + (now - born) * rng.random(),
        )

    def _learned(self, unknown: float) -> Learned:
        start_up = {one.value: self._mean(200) for one in Provider if not self._blank(unknown)}
        work, arrivals = (
            Mean() if self._blank(unknown) else self._mean(most) for most in (5000, 100)
        )
        return Learned(start_up, {QUEUE: QueueLearned(work, arrivals)})

    def _money(self) -> Money:
        rng = self._random
        prices = {one.value: rng.choice((1e-6, 1e-4, 1.0)) * rng.random() for one in Provider}
        spent = rng.choice((0.0, 1.0, 1e3, 1e9)) * rng.random()
        life = self._maybe(0.2, lambda: 60 + self._amount())
        return Money(Tariff(TaskSize(0.25, 0.5), prices), spent, life)

    def _blank(self, unknown: float) -> bool:
        return self._random.random() < unknown

    def _mean(self, most: float) -> Mean:
        weight = self._random.choice((0.5, 5.0, 500.0))
        return Mean(self._random.random() * most * weight, weight)
