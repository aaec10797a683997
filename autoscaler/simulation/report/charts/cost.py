"""What each policy costs against how long messages wait, and what perfect would cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from autoscaler.simulation.report import words
from autoscaler.simulation.report.charts.axes import MoneyAxis, WaitAxis
from autoscaler.simulation.report.charts.labels import Spot, place_labels
from autoscaler.simulation.report.charts.palette import Palette
from autoscaler.simulation.report.charts.theme import NARROW, Columns, Drawing, drawn, text
from autoscaler.simulation.report.model import Report
from autoscaler.simulation.report.verdict import Verdict

HEIGHT = 420
_KEEPS, _BREAKS = "keeps the promise", "breaks it"


def cost_chart(report: Report, judged: Sequence[Verdict], palette: Palette) -> Drawing:
    """A dot at each policy's 95th percentile, a whisker to its longest wait, and two curves."""
    waits, money = axes_of(report)
    points, curves = points_of(report, judged, waits, money), curves_of(report)
    x, y = waits.encoding(), money.encoding()
    layers = [
        *_perfect(x, y, palette),
        *_promise(report.promise_seconds, palette),
        *_policies(x, y, palette),
    ]
    chart = alt.layer(*layers).properties(
        width="container", height=HEIGHT, title="US dollars a month"
    )
    return drawn(chart, palette, {"points": points, "curves": curves})


def axes_of(report: Report) -> tuple[WaitAxis, MoneyAxis]:
    """With room for every policy and both curves."""
    dollars = report.dollars_per_task_second * report.months
    bills = [each.scores.bill_task_seconds for each in report.subjects]
    bounds = [each.bound_task_seconds for each in report.curves]
    found = [each.clairvoyant_task_seconds for each in report.curves]
    costs = [each * dollars for each in (*bills, *bounds, *found) if each > 0] or [1.0]
    promises = [each.promise_seconds for each in report.curves]
    longest = 1.25 * max((report.promise_seconds, *_known_waits(report), *promises))
    return WaitAxis(longest), MoneyAxis(min(costs), max(costs))


def points_of(
    report: Report, judged: Sequence[Verdict], waits: WaitAxis, money: MoneyAxis
) -> Columns:
    """Where each policy stands; its bill in task-seconds, all at the on-demand price."""
    dollars = report.dollars_per_task_second * report.months
    scores = [each.subject.scores for each in judged]
    wait = [_shown(each.wait_seconds.p95, waits) for each in scores]
    longest = [_shown(each.wait_seconds.max, waits) for each in scores]
    cost = [each.bill_task_seconds * dollars for each in scores]
    spots = [
        Spot(each.name, waits.place(wait[row]), money.place(cost[row]), waits.place(longest[row]))
        for row, each in enumerate(judged)
    ]
    return {
        "number": [str(each.number) for each in judged],
        "label": [f"{each.number} {each.name}" for each in judged],
        "name": [each.name for each in judged],
        "wait": wait,
        "longest": longest,
        "cost": cost,
        "place": place_labels(spots),
        "verdict": [_KEEPS if each.keeps else _BREAKS for each in judged],
        "kept": [words.share(each.kept) for each in judged],
        "p95": [_told(each.wait_seconds.p95) for each in scores],
        "most": [_told(each.wait_seconds.max) for each in scores],
        "month": [words.dollars(each.a_month) for each in judged],
    }


def _known_waits(report: Report) -> list[float]:
    waits = (each.scores.wait_seconds for each in report.subjects)
    return [each for wait in waits for each in (wait.p95, wait.max) if each is not None]


def _shown(wait: float | None, waits: WaitAxis) -> float:
    """A wait without an end stands at the chart's."""
    return waits.longest if wait is None else wait


def _told(wait: float | None) -> str:
    return "for ever" if wait is None else words.duration(round(wait))


def curves_of(report: Report) -> Columns:
    """The lower bound and the best schedule found, by the longest wait they allow."""
    dollars = report.dollars_per_task_second * report.months
    ordered = sorted(report.curves, key=lambda each: each.promise_seconds)
    return {
        "wait": [each.promise_seconds for each in ordered],
        "bound": [each.bound_task_seconds * dollars for each in ordered],
        "found": [each.clairvoyant_task_seconds * dollars for each in ordered],
    }


def _perfect(x: alt.X, y: alt.Y, palette: Palette) -> list[alt.LayerChart | alt.Chart]:
    """Below the bound nobody can be; between the curves lies what perfect costs."""
    curves = alt.Chart(alt.NamedData(name="curves")).encode(x=x)
    bound, found = _also(y, "bound:Q"), _also(y, "found:Q")
    places = alt.Chart(alt.NamedData(name="curves")).encode(x=alt.value(0))
    first = places.transform_window(place="row_number()").transform_filter("datum.place == 1")
    lowest = places.transform_aggregate(bound="min(bound)")
    style: dict[str, Any] = {"align": "left", "dx": 4, "color": palette.perfect, "fontSize": 11}
    return [
        curves.mark_area(color=palette.perfect, opacity=0.16).encode(y=bound, y2="found:Q"),
        curves.mark_line(color=palette.perfect, strokeWidth=1.5).encode(y=found),
        curves.mark_line(color=palette.perfect, strokeWidth=1.5, strokeDash=[5, 3]).encode(y=bound),
        first.mark_text(text="best schedule found", dy=-9, **style).encode(y=found),
        lowest.mark_text(text="no fleet can be cheaper", dy=14, **style).encode(y=bound),
    ]


def _promise(seconds: float, palette: Palette) -> list[alt.Chart]:
    rule = alt.Chart(alt.InlineData(values=[{"wait": seconds}])).encode(x="wait:Q")
    told = f"promise {words.duration(seconds)}"
    return [
        rule.mark_rule(color=palette.promise, strokeDash=[2, 3]),
        rule.mark_text(text=told, align="right", dx=-6, baseline="top").encode(y=alt.value(2)),
    ]


def _policies(x: alt.X, y: alt.Y, palette: Palette) -> list[alt.Chart]:
    points = alt.Chart(alt.NamedData(name="points")).encode(y=y)
    colours = alt.Scale(domain=[_KEEPS, _BREAKS], range=[palette.kept, palette.late])
    shapes = alt.Scale(domain=[_KEEPS, _BREAKS], range=["circle", "diamond"])
    colour = alt.Color("verdict:N", scale=colours)
    dots = points.mark_point(size=110, filled=True, opacity=1, stroke=palette.paper, strokeWidth=1)
    return [
        points.mark_rule(strokeWidth=1.2, opacity=0.65).encode(
            x=x, x2="longest:Q", color=alt.Color("verdict:N", scale=colours, legend=None)
        ),
        dots.encode(
            x=x,
            color=colour,
            shape=alt.Shape("verdict:N", scale=shapes),
            tooltip=[
                alt.Tooltip("name:N", title="policy"),
                alt.Tooltip("month:N", title="a month"),
                alt.Tooltip("kept:N", title="promise kept"),
                alt.Tooltip("p95:N", title="95 % wait up to"),
                alt.Tooltip("most:N", title="longest wait"),
            ],
        ).properties(name="policies"),
        *(_labels(points, x, place, **how) for place, how in _PLACES.items()),
    ]


_PLACES: dict[str, dict[str, Any]] = {
    "above": {"align": "center", "dy": -14},
    "left": {"align": "right", "dx": -10},
    "below": {"align": "center", "dy": 15},
    "right": {"align": "left", "dx": 10},
    "after": {"align": "left", "dx": -5, "dy": -14},
    "before": {"align": "right", "dx": 5, "dy": -14},
    "number": {"align": "center", "dy": -13},
}


def _labels(points: alt.Chart, x: alt.X, place: str, **how: Any) -> alt.Chart:
    """Names where there is room for them; on a phone, and in a crowd, the table's numbers."""
    chosen = points.transform_filter(f"datum.place == {text(place)}")
    shown = "datum.number" if place == "number" else f"{NARROW} ? datum.number : datum.label"
    labels: alt.Chart = chosen.transform_calculate(shown=shown).mark_text(**how)
    return labels.encode(x=x, text="shown:N")


def _also(axis: alt.Y, name: str) -> alt.Y:
    """The same axis for another column."""
    other = axis.copy()
    other.shorthand = name
    return other
