"""How every chart looks, and the form it is handed on in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from autoscaler.simulation.report.charts.palette import Palette

Columns = Mapping[str, Sequence[Any]]
"""A table of data, column by column: a third of the size of rows."""
Spec = dict[str, Any]
"""A chart in Vega-Lite."""

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
SECONDS_TICKS = (0, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400)
SECONDS_LABEL = (
    "datum.value < 60 ? datum.value + ' s' : datum.value < 3600 ? datum.value / 60 + ' min'"
    " : datum.value / 3600 + ' h'"
)
DOLLARS = "format(datum.value, datum.value < 1 ? '$.2~g' : '$,.3~r')"
TICKS = {"expr": "max(2, ceil(width / 120))"}
"""As many as fit beside each other, on a phone as on a wall."""
NARROW = "width < 480"
"""In Vega's language: whether the chart is drawn on a phone."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart, and the data it draws by the names it knows them by."""

    spec: Spec
    data: Mapping[str, Columns]

    def whole(self) -> Spec:
        """With the data within, for whoever draws it without a page around it."""
        given = {name: rows(data) for name, data in self.data.items()}
        return {**self.spec, "datasets": {**self.spec.get("datasets", {}), **given}}


def rows(columns: Columns) -> list[dict[str, Any]]:
    """The same data, row by row."""
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


def drawn(
    chart: alt.LayerChart | alt.FacetChart, palette: Palette, data: Mapping[str, Columns]
) -> Drawing:
    """The chart in the house's style."""
    spec = chart.to_dict()
    spec["config"] = _config(palette)
    return Drawing(spec, data)


def text(value: str) -> str:
    """A text as a literal of Vega's language."""
    return json.dumps(value)


def seconds_ticks(longest: float) -> list[int]:
    """Where a logarithmic axis of seconds has its labels."""
    return [tick for tick in SECONDS_TICKS if tick <= longest]


def _config(palette: Palette) -> Spec:
    small = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 12, "titleFontSize": 12}
    quiet = {"labelColor": palette.muted, "titleColor": palette.muted, "titleFontWeight": "normal"}
    return {
        "aria": False,  # the page tells in words what it shows, and its numbers in a table
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        "padding": {"left": 1, "right": 3, "top": 4, "bottom": 4},
        "text": {"font": FONT, "fontSize": 12, "color": palette.ink},
        "axis": {
            **small,
            **quiet,
            "domainColor": palette.line,
            "gridColor": palette.line,
            "tickColor": palette.line,
            "labelPadding": 6,
            "titlePadding": 10,
            "labelOverlap": "greedy",
            "labelSeparation": 6,
        },
        "axisX": {"grid": False},
        "axisY": {"ticks": False, "domain": False, "title": None},
        "title": {
            "font": FONT,
            "fontSize": 12,
            "fontWeight": "normal",
            "color": palette.muted,
            "anchor": "start",
            "frame": "bounds",
            "offset": 8,
        },
        "legend": {
            **small,
            **quiet,
            "orient": "top",
            "title": None,
            "labelColor": palette.ink,
            "labelLimit": 280,
            "columns": {"expr": f"{NARROW} ? 2 : 0"},
            "symbolSize": 90,
            "symbolOpacity": 1,
        },
    }
