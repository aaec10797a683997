"""Durations as people write them."""

from __future__ import annotations

import re

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|)")


def seconds_from(text: str) -> float:
    """Read a duration as people write it (`3s`, `500ms`, `1m`, `2.5`) as seconds.

    Raises ValueError with a sentence when it is none.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a duration; write it like 3s, 500ms or 1m")
    return float(found[1]) * _UNITS[found[2]]
