"""Durations as people write them."""

import re

_UNIT_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_WHOLE = re.compile(rf"(?:{_PART.pattern})+")


def parse_seconds(text: str) -> float:
    """Read `90s`, `2m`, `1h30m`, `250ms` or plain seconds; return seconds.

    Raises ValueError with a sentence for anything else, negative numbers included.
    """
    compact = text.strip().lower().replace(" ", "")
    if re.fullmatch(r"\d+(\.\d+)?", compact):
        return float(compact)
    if not _WHOLE.fullmatch(compact):
        raise ValueError(f"{text!r} is not a duration; write 90s, 2m, 1h30m or plain seconds")
    return sum(float(number) * _UNIT_SECONDS[unit] for number, unit in _PART.findall(compact))
