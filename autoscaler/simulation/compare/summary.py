"""What a subject's trials on one trace have in common: the median of each figure, and its range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from statistics import median

from autoscaler.simulation.scores import Scores

Figure = float | None
_GIVEN = {"promise_seconds", "seed"}
"""Numbers that were not found out."""
_NO_BILL = 0.0
"""Of a provider that other trials had tasks on; no other key is ever left out."""


@dataclass(frozen=True, slots=True)
class Range:
    """The middle of some figures, the least and the greatest.

    None, which is a wait without end or a distance nobody could work out, is above all others.
    """

    median: Figure
    low: Figure
    high: Figure


@dataclass(frozen=True, slots=True)
class Summary:
    """One subject on one trace in one world, over poll phases and seeds."""

    trace: str
    policy: str
    world: str
    promise_seconds: float
    trials: int
    figures: Mapping[str, Range]
    """By the keys of the scores, those inside others as ``wait_seconds.p95``."""


def summaries(all_scores: Iterable[Scores]) -> list[Summary]:
    """One for each subject on each trace, in the order in which they first come."""
    found: dict[tuple[str, str, str, float], list[Scores]] = {}
    for one in all_scores:
        where = (one.trace, one.policy, one.world, one.promise_seconds)
        found.setdefault(where, []).append(one)
    return [Summary(*where, len(some), _ranges(some)) for where, some in found.items()]


def _ranges(some: Sequence[Scores]) -> dict[str, Range]:
    told = [dict(figures(one.to_json())) for one in some]
    names = dict.fromkeys(name for one in told for name in one)
    return {name: _range([one.get(name, _NO_BILL) for one in told]) for name in names}


def figures(form: Mapping[str, object], within: str = "") -> Iterator[tuple[str, Figure]]:
    """Every figure of the JSON form of scores, by its dotted key."""
    for key, value in form.items():
        name = f"{within}{key}"
        if isinstance(value, Mapping):
            yield from figures(value, f"{name}.")
        elif (value is None or isinstance(value, int | float)) and name not in _GIVEN:
            yield name, value


def _range(values: Sequence[Figure]) -> Range:
    ranked = sorted(inf if value is None else value for value in values)
    return Range(*(_figure(value) for value in (median(ranked), ranked[0], ranked[-1])))


def _figure(value: float) -> Figure:
    return None if value == inf else value
