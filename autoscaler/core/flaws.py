"""What makes a policy's answer unusable: a wrong type, a negative count, NaN, notes beyond JSON.

Every advice of every tick passes through here, so what is usual is told quickly.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from operator import attrgetter
from reprlib import repr as shortly
from typing import Any

from autoscaler.core.codec import encode
from autoscaler.core.model import Advice

MOST = 1_000_000_000
"""A count above this is a mistake; numbers without bound cannot even be printed."""
LATEST = 1e11
"""A time after this second, 3,000 years from now, is a mistake."""

_EXACT = 2**53
"""Integers up to here are the same in every reader of JSON."""


def flaw_in(advice: object) -> str | None:
    """What is wrong with an answer, if anything, in the words that follow a name."""
    if not isinstance(advice, Advice):
        return f"it answered {type(advice).__name__} instead of advice"
    answers = _answers(advice)
    if _usual(*answers):
        return None
    for value, (name, holds, what) in zip(answers, _RULES, strict=True):
        if value is not None and not holds(value):
            return f"{name} is {shortly(value)}, not {what}"
    return None


def _usual(want: object, pause: object, why: object, notes: object, *others: object) -> bool:
    """Whether it is sound at first sight: a want, its reason, perhaps notes, and nothing else."""
    return (
        (want is None or (type(want) is int and 0 <= want <= MOST))
        and pause is False
        and type(why) is str
        and (notes is None or (type(notes) is dict and _plainly_kept(notes)))
        and others == _NOTHING_ELSE
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and _between(value, 0, MOST)


def _is_time(value: object) -> bool:
    return _between(value, 0, LATEST)


def _is_share(value: object) -> bool:
    return _between(value, 0, 1)


def _between(value: object, low: float, high: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return low <= value <= high  # false for NaN


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_kept(notes: object) -> bool:
    """Whether notes come back from a store as they went in, tuples as lists apart."""
    return isinstance(notes, Mapping) and (_plainly_kept(notes) or _comes_back(notes))


def _plainly_kept(notes: Mapping[object, object]) -> bool:
    """Whether that shows at first sight: text, flags and ordinary numbers by name."""
    for key, value in notes.items():  # noqa: SIM110 - three times as fast as all(...)
        if type(key) is not str or not _is_plain(value):
            return False
    return True


def _is_plain(value: Any) -> bool:
    kind = type(value)
    if kind is int or kind is float:
        return bool(-_EXACT <= value <= _EXACT)  # false for NaN
    return value is None or kind is str or kind is bool


def _comes_back(notes: Mapping[object, object]) -> bool:
    try:
        plain = encode(notes)
        return bool(json.loads(json.dumps(plain, allow_nan=False)) == plain)
    except (TypeError, ValueError, RecursionError):
        return False


_RULES: tuple[tuple[str, Callable[[object], bool], str], ...] = (
    ("want", _is_count, "a count"),
    ("pause", _is_flag, "true or false"),
    ("why", _is_text, "text"),
    ("notes", _is_kept, "a mapping that JSON can hold"),
    ("at_least", _is_count, "a count"),
    ("at_most", _is_count, "a count"),
    ("new_tasks", _is_count, "a count"),
    ("spot_share", _is_share, "a share from 0 to 1"),
    ("stay_until", _is_time, "a time"),
    ("look_again_at", _is_time, "a time"),
)
_answers = attrgetter(*(name for name, _, _ in _RULES))
_NOTHING_ELSE = (None,) * 6
