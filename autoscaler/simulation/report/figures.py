"""The charts that compare policies, each with what it says in words and in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autoscaler.simulation.report import words
from autoscaler.simulation.report.charts.cost import cost_chart
from autoscaler.simulation.report.charts.money import money_chart
from autoscaler.simulation.report.charts.palette import Palette
from autoscaler.simulation.report.charts.theme import Drawing
from autoscaler.simulation.report.charts.waits import waits_chart
from autoscaler.simulation.report.model import Report
from autoscaler.simulation.report.tables import (
    Table,
    curves_table,
    from_perfect,
    money_table,
    waits_table,
)
from autoscaler.simulation.report.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart, and everything around it."""

    name: str
    title: str
    caption: str
    spoken: str
    """What the chart shows, for those who do not see it."""
    drawing: Drawing
    tables: tuple[Table, ...]


def figures_of(report: Report, judged: Sequence[Verdict], palette: Palette) -> tuple[Figure, ...]:
    """In the order of the page."""
    return (
        _cost(report, judged, palette),
        _waits(report, judged, palette),
        _money(report, judged, palette),
    )


def _cost(report: Report, judged: Sequence[Verdict], palette: Palette) -> Figure:
    each_one = "; ".join(
        f"{each.name}: {words.dollars(each.a_month)}, {from_perfect(each)} above perfect"
        for each in judged
    )
    caption = (
        "A dot stands at the wait that 95 % of the messages do not exceed, and its line reaches "
        "to the longest. Every task-second counts at the on-demand price here, so that all are "
        "compared alike."
    )
    if report.curves:
        caption += (
            " A fleet that knows the future would pay something between the two curves; compare "
            "the end of each line with them."
        )
    tables = (curves_table(report),) if report.curves else ()
    return Figure(
        "cost",
        "Cost against waiting",
        caption,
        f"Cost a month against the wait until the start. {each_one}.",
        cost_chart(report, judged, palette),
        (waits_table(judged), *tables),
    )


def _waits(report: Report, judged: Sequence[Verdict], palette: Palette) -> Figure:
    promise = words.duration(report.promise_seconds)
    each_one = "; ".join(f"{each.name}: {words.share(each.kept)} in time" for each in judged)
    caption = (
        f"How many messages waited how long until they were started; the dashed line is the "
        f"promise of {promise}. The time is logarithmic, and each policy's highest bar is as high "
        "as any other's."
    )
    return Figure(
        "waits",
        "Distribution of waits",
        caption,
        f"Histograms of the waits against the promise of {promise}. {each_one}.",
        waits_chart(report, judged, palette),
        (waits_table(judged),),
    )


def _money(report: Report, judged: Sequence[Verdict], palette: Palette) -> Figure:
    each_one = "; ".join(f"{each.name}: {words.dollars(each.a_month)}" for each in judged)
    return Figure(
        "money",
        "Money by provider",
        "What a month costs, by where the tasks ran, with the requests and metrics that it takes "
        "to look at the queue.",
        f"Dollars a month by provider. {each_one}.",
        money_chart(report, judged, palette),
        (money_table(report, judged),),
    )
