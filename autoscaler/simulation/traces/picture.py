"""A small picture of a rate over time, in letters."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autoscaler.core.units import format_duration

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_PLAIN = "    :::##"  # by the same eighths, where the terminal knows no blocks


def picture(
    rates: Sequence[float], seconds: float, *, height: int = 6, blocks: bool = True
) -> list[str]:
    """Lines: a column a rate, the highest as high as the picture, with the scale beside it."""
    top = max(rates, default=0.0) or 1.0
    marks = _EIGHTHS if blocks else _PLAIN
    scale = [f"{top:,.4g}", *[""] * (height - 2), "0"]
    wide = max(map(len, scale))
    eighths = [_eighths(rate / top, height) for rate in rates]
    lines = []
    for row, label in enumerate(scale):
        above = 8 * (height - 1 - row)
        bar = "".join(marks[min(max(each - above, 0), 8)] for each in eighths)
        lines.append(f"{label:>{wide}} {bar}".rstrip())
    end = format_duration(seconds)
    gap = max(len(rates) - len(end) - 1, 1)
    return [*lines, f"{'':>{wide}} 0{'':>{gap}}{end}"]


def _eighths(share: float, height: int) -> int:
    """How high a column is; whatever is not nothing can be seen."""
    return math.ceil(share * height * 8)
