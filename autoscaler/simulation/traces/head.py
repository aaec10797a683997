"""What stands before the rows of a trace's file: when it began, how long it is, its notes.

CSV has it in lines that begin with ``#``, such as ``# seconds: 3600``; JSON Lines in a first
object. A file without it is as good: the last row tells how long it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autoscaler.simulation.trace import MONDAY
from autoscaler.simulation.traces.errors import at_line

LONGEST = 315_360_000.0
"""Seconds: ten years. A later time is one since the epoch, or of another unit."""
HEAD = frozenset({"starts_at", "seconds", "notes", "columns"})
"""The keys of the first object of JSON Lines, where it is no row."""
_MOST = {"starts_at": 1e11, "seconds": LONGEST}  # the first is about the year 5000


@dataclass(slots=True)
class Head:
    """What a file told before its rows."""

    starts_at: float = MONDAY
    seconds: float | None = None
    notes: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    """Of JSON Lines without a row, which would tell them."""

    def take_comment(self, path: Path, line: int, text: str) -> None:
        """Take a line of CSV that begins with ``#``; one of another kind is somebody's remark."""
        key, _, told = text.lstrip("# ").partition(":")
        if key == "note":
            self.notes.append(told.strip())
        else:
            self._take_number(path, line, key, told)

    def take_object(self, path: Path, line: int, form: Mapping[str, Any]) -> None:
        """Take the first object of JSON Lines."""
        for key in form:
            self._take_number(path, line, key, form[key])
        self.notes += _texts(form.get("notes"))
        self.columns += _texts(form.get("columns"))

    def _take_number(self, path: Path, line: int, key: str, told: Any) -> None:
        if key not in _MOST:
            return
        try:
            number = float(told)
        except (TypeError, ValueError):
            number = math.nan
        if not 0 <= number <= _MOST[key]:
            raise at_line(path, line, f"{key} is {told}; write seconds from 0 to {_MOST[key]:.0f}")
        setattr(self, key, number)


def _texts(told: Any) -> list[str]:
    return [each for each in told if isinstance(each, str)] if isinstance(told, list) else []
