"""How long messages waited under each policy, and which of them too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import altair as alt

from autoscaler.simulation.report import words
from autoscaler.simulation.report.charts.palette import Palette
from autoscaler.simulation.report.charts.theme import (
    SECONDS_LABEL,
    Columns,
    Drawing,
    drawn,
    seconds_ticks,
)
from autoscaler.simulation.report.model import Report
from autoscaler.simulation.report.verdict import Verdict

_ROW = 66
"""Pixels for one policy: its name, and its bars below."""
_TALLEST = 0.58
"""Of a row, the highest bar."""
_BASE = 0.06
_Bar = tuple[int, float, float, float, float, str, str, str]
_COLUMNS = ("row", "from", "to", "foot", "top", "verdict", "span", "messages")


def waits_chart(report: Report, judged: Sequence[Verdict], palette: Palette) -> Drawing:
    """One histogram a policy, below each other, on one axis of time that is logarithmic."""
    bars, names = bars_of(report, judged), names_of(judged)
    longest = max((2 * report.promise_seconds, *bars["to"]))
    rows = max(1, len(judged))
    x = alt.X(
        "from:Q",
        title="wait until the start",
        scale=alt.Scale(type="symlog", constant=5, domain=[0, longest], nice=False),
        axis=alt.Axis(values=seconds_ticks(longest), labelExpr=SECONDS_LABEL),
    )
    scale = alt.Scale(domain=[rows, 0], nice=False)
    layers = [
        _rule(report.promise_seconds, scale, palette),
        *_bars(x, scale, palette),
        *_names(scale, palette),
    ]
    chart = alt.layer(*layers).properties(width="container", height=_ROW * rows)
    return drawn(chart, palette, {"bars": bars, "names": names})


def bars_of(report: Report, judged: Sequence[Verdict]) -> Columns:
    """A bar for each bin that is not empty; the highest of a row is as high as any other row's."""
    found = [bar for row, each in enumerate(judged) for bar in _row(row, each, report)]
    return {name: [bar[place] for bar in found] for place, name in enumerate(_COLUMNS)}


def names_of(judged: Sequence[Verdict]) -> Columns:
    """What stands over each histogram, left and right."""
    return {
        "row": [number + 0.04 for number in range(len(judged))],
        "base": [number + 1 - _BASE for number in range(len(judged))],
        "bars": [number + 1 - _BASE - _TALLEST for number in range(len(judged))],
        "name": [f"{each.number} {each.name}" for each in judged],
        "told": [_told(each) for each in judged],
    }


def _row(row: int, verdict: Verdict, report: Report) -> Iterator[_Bar]:
    waits = verdict.subject.waits
    most = max(1, int(waits.counts.max(initial=0)))
    base = row + 1 - _BASE
    for place in waits.counts.nonzero()[0]:
        low, high = float(waits.edges[place]), float(waits.edges[place + 1])
        number = int(waits.counts[place])
        kept = "in time" if high <= report.promise_seconds * 1.000001 else "late"
        span = f"{words.duration(round(low, 1))} to {words.duration(round(high, 1))}"
        top = base - _TALLEST * number / most
        yield row, low, high, base, top, kept, span, words.count(number)


def _told(verdict: Verdict) -> str:
    late = f"{words.share(verdict.kept)} in time"
    never = verdict.subject.waits.never
    return f"{late}, {words.count(never)} never started" if never else late


def _rule(promise: float, heights: alt.Scale, palette: Palette) -> alt.Chart:
    """Through the bars of each row, and not through what is written over them."""
    names = alt.Chart(alt.NamedData(name="names")).transform_calculate(**{"from": str(promise)})
    rule: alt.Chart = names.mark_rule(color=palette.promise, strokeDash=[2, 3])
    return rule.encode(x="from:Q", y=alt.Y("bars:Q", axis=None, scale=heights), y2="base:Q")


def _bars(x: alt.X, heights: alt.Scale, palette: Palette) -> list[alt.Chart]:
    scale = alt.Scale(domain=["in time", "late"], range=[palette.kept, palette.late])
    bars = alt.Chart(alt.NamedData(name="bars"))
    # The outline keeps a bar of one message in a million visible.
    drawn_bars = bars.mark_bar(strokeWidth=1.5, binSpacing=0, orient="vertical").encode(
        x=x,
        x2="to:Q",
        y=alt.Y("top:Q", axis=None, scale=heights),
        y2="foot:Q",
        color=alt.Color("verdict:N", scale=scale),
        stroke=alt.Stroke("verdict:N", scale=scale, legend=None),
        tooltip=[
            alt.Tooltip("span:N", title="waited"),
            alt.Tooltip("messages:N", title="messages"),
        ],
    )
    return [drawn_bars]


def _names(heights: alt.Scale, palette: Palette) -> list[alt.Chart]:
    names = alt.Chart(alt.NamedData(name="names"))
    at = alt.Y("row:Q", axis=None, scale=heights)
    return [
        names.mark_rule(color=palette.line).encode(y=alt.Y("base:Q", axis=None, scale=heights)),
        names.mark_text(align="left", baseline="top", fontWeight=600).encode(
            x=alt.value(0), y=at, text="name:N"
        ),
        names.mark_text(align="right", baseline="top", color=palette.muted).encode(
            x=alt.value("width"), y=at, text="told:N"
        ),
    ]
