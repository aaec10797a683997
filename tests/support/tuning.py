"""What searches are tried on: a base, proposals by hand, a judge that simulates nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from autoscaler.config.loading import written_tree
from autoscaler.core.rules import Rulebook
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.tune.base import Base, own
from autoscaler.simulation.tune.judging import Figures
from support.configurations import VALID


@dataclass(frozen=True)
class Chosen:
    """Proposes what it was told, by the names of the options; the lowest of all others."""

    values: Mapping[str, Any] = field(default_factory=dict)

    def suggest_int(self, name: str, low: int, high: int, *, log: bool) -> int:
        assert log
        return int(self._of(name, low, low, high))

    def suggest_float(self, name: str, low: float, high: float, *, log: bool) -> float:
        assert log
        return float(self._of(name, low, low, high))

    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any:
        chosen = self.values.get(name, choices[0])
        assert chosen in choices
        return chosen

    def _of(self, name: str, default: float, low: float, high: float) -> float:
        chosen = self.values.get(name, default)
        assert low <= chosen <= high
        return float(chosen)


def base(directory: Path, text: str = VALID, queue: str | None = None) -> Base:
    """A user's configuration."""
    file = directory / "autoscaler.yaml"
    file.write_text(text, encoding="utf-8")
    return own(written_tree([file], {}), queue)


def steady(seconds: float, every: float = 30.0, work: float = 10.0) -> Trace:
    """A message now and then, always the same."""
    arrivals = np.arange(0.0, seconds, every)
    return Trace("steady", arrivals, np.full(len(arrivals), work), seconds)


def figures(dollars: float, kept: float = 1.0, unfinished: int = 0) -> Figures:
    return Figures(dollars, kept, unfinished, 60.0, 24.0)


@dataclass
class Table:
    """A judge that knows the figures by the messages a task of ``depth`` gets."""

    on_search: Callable[[int], Figures]
    on_validation: Callable[[int], Figures]
    promise: float = 600.0
    knobs: Knobs = field(default_factory=Knobs)
    prices: Mapping[str, Any] = field(default_factory=dict)
    asked: list[tuple[int, float]] = field(default_factory=list)
    """Shares of a task and lengths of parts, in order."""

    def figures(self, rules: Rulebook, part: Trace, phases: int) -> Figures:
        (queue,) = rules.fleets[0].queues
        (policy,) = queue.policies.values()
        share = policy.messages_per_task  # type: ignore[attr-defined]
        self.asked.append((share, part.seconds))
        return (self.on_search if phases == 2 else self.on_validation)(share)
