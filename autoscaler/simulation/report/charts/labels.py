"""Where there is room for the names of points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH, _HEIGHT = 860.0, 400.0
"""Of the chart in pixels, on a common screen."""
_LETTER, _LINE = 7.2, 15.0
_MARGIN = 6.0
"""Pixels that a name may reach beyond the axes."""
_NUMBERS = 3
"""Letters that the number before a name takes."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A point with a line to its right, in parts of the chart's width and height from below."""

    name: str
    x: float
    y: float
    line_to: float


def place_labels(spots: Sequence[Spot]) -> list[str]:
    """For each point where its name stands; ``number``: there is no room for it.

    ``after`` and ``before`` are above, and on to the right or the left. Who comes first chooses.
    """
    taken = [box for spot in spots for box in _drawn(spot)]
    places = []
    for spot in spots:
        free = _candidates(spot)
        place = next((at for at, box in free.items() if _fits(box, taken)), "number")
        places.append(place)
        taken += [free[place]] if place in free else []
    return places


def _drawn(spot: Spot) -> tuple[Box, Box]:
    x, y, end = spot.x * _WIDTH, spot.y * _HEIGHT, spot.line_to * _WIDTH
    return (x - 7, y - 7, x + 7, y + 7), (x, y - 2, end, y + 2)


def _candidates(spot: Spot) -> dict[str, Box]:
    x, y, half = spot.x * _WIDTH, spot.y * _HEIGHT, _LINE / 2
    wide = _LETTER * (len(spot.name) + _NUMBERS)
    return {
        "above": (x - wide / 2, y + 8, x + wide / 2, y + 8 + _LINE),
        "left": (x - 9 - wide, y - half, x - 9, y + half),
        "below": (x - wide / 2, y - 8 - _LINE, x + wide / 2, y - 8),
        "right": (x + 9, y - half, x + 9 + wide, y + half),
        "after": (x - 5, y + 8, x - 5 + wide, y + 8 + _LINE),
        "before": (x + 5 - wide, y + 8, x + 5, y + 8 + _LINE),
    }


def _fits(box: Box, taken: Sequence[Box]) -> bool:
    inside = box[0] >= -_MARGIN and box[2] <= _WIDTH + _MARGIN
    return inside and not any(_overlap(box, other) for other in taken)


def _overlap(one: Box, other: Box) -> bool:
    aside = one[2] <= other[0] or other[2] <= one[0]
    return not (aside or one[3] <= other[1] or other[3] <= one[1])
