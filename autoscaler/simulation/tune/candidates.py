"""One proposal: policies with their options and what bounds the fleet, as in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from autoscaler.config.writing import inline
from autoscaler.simulation.tune.dimensions import Suggest
from autoscaler.simulation.tune.spaces import Space

_TOGETHER = 2
"""Policies of one proposal at most; of a third one hardly anything shows in a result."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is tried."""

    policies: Sequence[Mapping[str, Any]]
    """As in a file, each with its ``type``; the largest want of them counts."""
    fleet: Mapping[str, Any] = field(default_factory=dict)
    """``period`` and limits, as far as they were left to the search."""

    @property
    def name(self) -> str:
        """Its policies."""
        return " + ".join(str(policy["type"]) for policy in self.policies)

    def told(self) -> str:
        """All of it on one line."""
        return ", ".join([*map(_policy, self.policies), *_options(self.fleet)])


@dataclass(frozen=True, slots=True)
class Field:
    """All that can be proposed."""

    policies: Mapping[str, Space]
    fleet: Space

    def candidate(self, trial: Suggest) -> Candidate:
        """What this trial proposes; the same for the same trial, also after it has ended."""
        names = trial.suggest_categorical("policies", list(self._sets())).split("+")
        chosen = [{"type": name, **_draw(trial, f"{name}.", self.policies[name])} for name in names]
        return Candidate(chosen, _draw(trial, "", self.fleet))

    def _sets(self) -> Iterator[str]:
        """Each policy alone, and each pair of them."""
        for count in range(1, _TOGETHER + 1):
            yield from ("+".join(names) for names in combinations(self.policies, count))


def _draw(trial: Suggest, prefix: str, space: Space) -> dict[str, Any]:
    drawn = {name: one.draw(trial, f"{prefix}{name}") for name, one in space.items()}
    return {name: value for name, value in drawn.items() if value is not None}


def _policy(policy: Mapping[str, Any]) -> str:
    options = {name: value for name, value in policy.items() if name != "type"}
    return f"{policy['type']} {{{', '.join(_options(options))}}}"


def _options(options: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{name}: {inline(value)}" for name, value in options.items())
