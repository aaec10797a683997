"""Panels as Grafana reads them, set out in rows of 24 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from autoscaler.telemetry.table import Row

COLUMNS = 24
SOURCE = {"type": "prometheus", "uid": "${datasource}"}

Form = dict[str, Any]
Colour = tuple[str, int | None]
"""From which value on; None: from the least."""
Word = tuple[int, str]
"""What a value is called."""


@dataclass(frozen=True, slots=True)
class Series:
    """One expression; its legend names labels in double braces."""

    expression: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One graph or number. What it tells, and what to do when it moves, is in ``about``."""

    title: str
    about: Row
    series: Sequence[Series]
    unit: str = "short"
    """As Grafana names units."""
    kind: str = "timeseries"
    width: int = 8
    height: int = 8
    custom: Form = field(default_factory=dict)
    """How lines are drawn."""
    colours: Sequence[Colour] = (("green", None),)
    words: Sequence[Word] = ()

    def form(self, number: int, x: int, y: int) -> Form:
        """The panel at a place; its number is unique in the dashboard."""
        return {
            "id": number,
            "type": self.kind,
            "title": self.title,
            "description": f"{self.about.meaning} {self.about.moves}",
            "datasource": SOURCE,
            "gridPos": {"h": self.height, "w": self.width, "x": x, "y": y},
            "fieldConfig": {"defaults": self._defaults(), "overrides": []},
            "options": _OPTIONS[self.kind],
            "targets": [_target(at, one) for at, one in enumerate(self.series)],
        }

    def _defaults(self) -> Form:
        steps = [{"color": name, "value": value} for name, value in self.colours]
        words = {
            str(value): {"index": at, "text": text} for at, (value, text) in enumerate(self.words)
        }
        return {
            "unit": self.unit,
            "min": 0,
            "custom": self.custom,
            "thresholds": {"mode": "absolute", "steps": steps},
            "mappings": [{"type": "value", "options": words}] if words else [],
        }


@dataclass(frozen=True, slots=True)
class Shelf:
    """A titled row of panels."""

    title: str
    panels: Sequence[Panel]


def laid_out(shelves: Sequence[Shelf]) -> Iterator[Form]:
    """Every panel at its place, under the title of its shelf."""
    number, y = 1, 0
    for shelf in shelves:
        yield _heading(number, y, shelf.title)
        number, x, y, tallest = number + 1, 0, y + 1, 0
        for panel in shelf.panels:
            if x + panel.width > COLUMNS:
                x, y, tallest = 0, y + tallest, 0
            yield panel.form(number, x, y)
            number, x, tallest = number + 1, x + panel.width, max(tallest, panel.height)
        y += tallest


def _heading(number: int, y: int, title: str) -> Form:
    place = {"h": 1, "w": COLUMNS, "x": 0, "y": y}
    return {
        "id": number,
        "type": "row",
        "title": title,
        "gridPos": place,
        "collapsed": False,
        "panels": [],
    }


def _target(at: int, series: Series) -> Form:
    return {
        "refId": chr(ord("A") + at),
        "datasource": SOURCE,
        "expr": series.expression,
        "legendFormat": series.legend or "__auto",
    }


_OPTIONS: dict[str, Form] = {
    "timeseries": {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    },
    "stat": {
        "colorMode": "background",
        "graphMode": "none",
        "textMode": "value_and_name",
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
    },
}
