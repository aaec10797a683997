"""Where the money goes: tasks by provider, and the control of them."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from autoscaler.simulation.report import words
from autoscaler.simulation.report.charts.palette import Palette
from autoscaler.simulation.report.charts.theme import DOLLARS, TICKS, Columns, Drawing, drawn
from autoscaler.simulation.report.model import Report
from autoscaler.simulation.report.parts import PARTS
from autoscaler.simulation.report.verdict import Verdict

_ROW = 46


def money_chart(report: Report, judged: Sequence[Verdict], palette: Palette) -> Drawing:
    """One bar a policy, from the cheapest that keeps the promise downwards."""
    parts, names = parts_of(report, judged), names_of(judged)
    present = [each for each in PARTS.values() if each in parts["part"]]
    colours = dict(zip(PARTS.values(), _colours(palette), strict=True))
    y = alt.Y("row:O", axis=None, scale=alt.Scale(domain=[*range(len(judged))], padding=0))
    axis = alt.Axis(labelExpr=DOLLARS, tickCount=TICKS)
    bars = (
        alt.Chart(alt.NamedData(name="parts"))
        .mark_bar(size=14, yOffset=10, stroke=palette.paper, strokeWidth=1)
        .encode(
            x=alt.X("dollars:Q", title="US dollars a month", axis=axis),
            y=y,
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=present, range=[colours[each] for each in present]),
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("name:N", title="policy"),
                alt.Tooltip("part:N", title="for"),
                alt.Tooltip("told:N", title="a month"),
            ],
        )
    )
    over = alt.Chart(alt.NamedData(name="names")).encode(y=y)
    left = over.mark_text(align="left", yOffset=-8, fontWeight=600)
    right = over.mark_text(align="right", yOffset=-8, color=palette.muted)
    chart = alt.layer(
        bars,
        left.encode(x=alt.value(0), text="name:N"),
        right.encode(x=alt.value("width"), text="told:N"),
    ).properties(width="container", height=_ROW * max(1, len(judged)))
    return drawn(chart, palette, {"parts": parts, "names": names})


def parts_of(report: Report, judged: Sequence[Verdict]) -> Columns:
    """Dollars a month, by policy and part."""
    found = [
        (row, each.name, label, order, each.subject.money[part] * report.months)
        for row, each in enumerate(judged)
        for order, (part, label) in enumerate(PARTS.items())
        if each.subject.money.get(part)
    ]
    names = ("row", "name", "part", "order", "dollars")
    columns = {name: [line[place] for line in found] for place, name in enumerate(names)}
    return {**columns, "told": [words.dollars(line[-1]) for line in found]}


def names_of(judged: Sequence[Verdict]) -> Columns:
    """What stands over each bar, left and right."""
    return {
        "row": list(range(len(judged))),
        "name": [f"{each.number} {each.name}" for each in judged],
        "told": [words.dollars(each.a_month) for each in judged],
    }


def _colours(palette: Palette) -> tuple[str, ...]:
    return palette.fargate, palette.spot, palette.ec2, palette.control
