"""Types for options: durations as people write them, and bounds on numbers.

pydantic asks an annotation by two method names how to read and describe it; plain
dictionaries are its own form of a schema, so that nothing of it is imported here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated, Any

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_LONGEST = 1e12  # seconds: 30,000 years, and a number that every use of it can print
_PART = r"\d+(?:\.\d+)?(?:ms|s|m|h|d)"
_WRITTEN = re.compile(rf"(?:{_PART})+")
_PARTS = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def parse_duration(written: object) -> float:
    """Read a duration into seconds.

    Takes a number of seconds or text such as ``90s``, ``5m``, ``1h30m``, ``250ms``, ``2d``.

    Raises:
        ValueError: with a sentence that shows the accepted forms.
    """
    seconds = _seconds(written)
    if seconds is None or seconds > _LONGEST:
        raise ValueError(
            f"{written!r} is not a duration; write seconds or text such as 90s, 5m or 1h30m"
        )
    return seconds


def _seconds(written: object) -> float | None:
    if isinstance(written, bool):
        return None
    if isinstance(written, int | float):
        return float(written) if 0 <= written <= _LONGEST else None
    if not isinstance(written, str):
        return None
    text = written.strip()
    if _WRITTEN.fullmatch(text):
        return sum(float(number) * _SECONDS[unit] for number, unit in _PARTS.findall(text))
    return float(text) if re.fullmatch(r"\d+(?:\.\d+)?", text) else None


def format_duration(seconds: float) -> str:
    """Write seconds the way people do: 45 s, 2 min 5 s, 3 h 20 min."""
    if seconds < 60:
        return f"{seconds:.3g} s"
    whole = round(seconds)
    for unit, smaller, size, parts in (("d", "h", 86400, 24), ("h", "min", 3600, 60)):
        if whole >= size:
            rest = whole % size // (size // parts)
            return f"{whole // size} {unit}" + (f" {rest} {smaller}" if rest else "")
    return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 else "")


def rounded_up(amount: float) -> int:
    """The whole number at or above; a billionth above one is still that one.

    0.3 / 0.1 is a little less than 3 in binary, and 3 messages at that share are no second task.
    """
    return math.ceil(amount - 1e-9)


class _AsWritten:
    """Reads a duration."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        return {
            "type": "function-before",
            "function": {"type": "no-info", "function": parse_duration},
            "schema": handler(source),
        }

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        del schema, handler
        return {
            "anyOf": [
                {"type": "number", "minimum": 0},
                {"type": "string", "pattern": rf"^(?:(?:{_PART})+|\d+(?:\.\d+)?)$"},
            ]
        }


Duration = Annotated[float, _AsWritten()]
"""Seconds; in configuration written as a number or as text such as ``5m``."""


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A lower bound on a number, the bound included."""

    bound: float

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        return {**handler(source), "ge": self.bound}


@dataclass(frozen=True, slots=True)
class AtMost:
    """An upper bound on a number, the bound included."""

    bound: float

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        return {**handler(source), "le": self.bound}


@dataclass(frozen=True, slots=True)
class Matching:
    """A pattern that a text must match, and what that means in words."""

    pattern: str
    words: str

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        return {**handler(source), "pattern": self.pattern}


@dataclass(frozen=True, slots=True)
class Filled:
    """A list that may not be empty, and what to write into it, for whoever left it so."""

    hint: str

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        return {**handler(source), "min_length": 1}


UpToFiveMinutes = Annotated[float, AtMost(300), _AsWritten()]
"""A duration no longer than that, which is as long as Lambda waits for a batch to fill."""
