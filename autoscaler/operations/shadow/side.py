"""Task-seconds of one side: what ran today, or what we would have run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autoscaler.core.cost import Tariff


@dataclass(slots=True)
class Side:
    """Grows look by look."""

    task_seconds: dict[str, float] = field(default_factory=dict)
    """By provider; "" where ECS did not say which."""
    most: float = 0
    """Tasks at once."""

    def add(self, tasks: Mapping[str, float], seconds: float) -> None:
        """So many tasks of each provider for so long."""
        for provider, count in tasks.items():
            if count:
                told = self.task_seconds.get(provider, 0.0)
                self.task_seconds[provider] = told + count * seconds
        self.most = max(self.most, round(sum(tasks.values()), 6))

    @property
    def seconds(self) -> float:
        """Task-seconds on all providers."""
        return sum(self.task_seconds.values())

    def dollars(self, tariff: Tariff | None) -> float | None:
        """What they cost; None: the price is unknown. Of an unknown provider, the dearest is."""
        if tariff is None:
            return None
        rates = tariff.per_second
        return sum(
            seconds * rates.get(name, tariff.dearest) for name, seconds in self.task_seconds.items()
        )

    def form(self, tariff: Tariff | None) -> dict[str, Any]:
        """As JSON has it."""
        dollars = self.dollars(tariff)
        return {
            "task_seconds": round(self.seconds, 1),
            "by_provider": {name: round(one, 1) for name, one in self.task_seconds.items()},
            "most": self.most,
            "dollars": None if dollars is None else round(dollars, 6),
        }
