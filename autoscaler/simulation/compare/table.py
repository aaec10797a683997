"""A comparison as rows of short text: the median of each figure, and its range in brackets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import inf

from autoscaler.core.units import format_duration
from autoscaler.simulation.compare.summary import Figure, Range, Summary

KEPT = 0.995
"""The share of messages of which a promise is made."""


def _percent(value: float) -> str:
    return f"{100 * value:.2f}"


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _money(value: float) -> str:
    return f"{value:,.2f}" if value >= 1 else f"{value:.4f}"


def _times(value: float) -> str:
    return f"{value:.3f}" if value < 10 else f"{value:.1f}"


_COLUMNS: Sequence[tuple[str, str, Callable[[float], str]]] = (
    ("kept, %", "promise_kept_ratio", _percent),
    ("p95 wait, s", "wait_seconds.p95", _whole),
    ("longest, s", "wait_seconds.max", _whole),
    ("cost, $", "cost_usd", _money),
    ("x best known", "ratio_to_clairvoyant", _times),
    ("x bound", "ratio_to_bound", _times),
    ("launches", "launches", _whole),
    ("unfinished", "unfinished", _whole),
)
TITLES = ("policy", *(title for title, _, _ in _COLUMNS))


def row(one: Summary) -> list[str]:
    """One subject, under ``TITLES``."""
    return [one.policy, *(cell(one.figures[key], word) for _, key, word in _COLUMNS)]


def cell(found: Range, word: Callable[[float], str]) -> str:
    """The median, and the range where it says more."""
    middle, low, high = (_word(value, word) for value in (found.median, found.low, found.high))
    return middle if low == high else f"{middle} ({low}-{high})"


def _word(value: Figure, word: Callable[[float], str]) -> str:
    return "-" if value is None else word(value)


def ranked(some: Iterable[Summary]) -> list[Summary]:
    """Those that keep the promise first, and the cheaper before the dearer."""
    return sorted(some, key=lambda one: (not keeps(one), _cost(one)))


def keeps(one: Summary) -> bool:
    """Whether the promise was kept in every single trial, and everything finished."""
    kept, unfinished = one.figures["promise_kept_ratio"], one.figures["unfinished"]
    return (kept.low or 0.0) >= KEPT and unfinished.high == 0


def answer(best: Summary) -> str:
    """Which to take, in a sentence; ``best`` is the first of those ranked."""
    promise = format_duration(best.promise_seconds)
    if not keeps(best):
        return f"none starts {KEPT:.1%} within {promise}"
    median = {key: best.figures[key].median for key in ("cost_usd", "ratio_to_clairvoyant")}
    return (
        f"{best.policy} is the cheapest that starts {KEPT:.1%} within {promise}: "
        f"${_word(median['cost_usd'], _money)}, "
        f"{_word(median['ratio_to_clairvoyant'], _times)} times the best schedule known"
    )


def _cost(one: Summary) -> float:
    cost = one.figures["cost_usd"].median
    return inf if cost is None else cost
