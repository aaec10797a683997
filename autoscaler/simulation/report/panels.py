"""The time lines: one set of charts, and the data of every policy to show in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autoscaler.simulation.report import words
from autoscaler.simulation.report.charts import timelines
from autoscaler.simulation.report.charts.palette import Palette
from autoscaler.simulation.report.charts.theme import Columns, Drawing
from autoscaler.simulation.report.model import Report, Subject, Timeline
from autoscaler.simulation.report.verdict import Verdict

Column = tuple[str, str, str]
"""The name in the data, the head of the table's column, and the style sheet's name for it."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart over time, to be filled with any policy's data."""

    name: str
    title: str
    spoken: str
    drawing: Drawing
    source: str
    """Of which data its table is made."""
    columns: tuple[Column, ...]

    def told(self) -> dict[str, Any]:
        """What the page's program needs to know of it."""
        return {
            "name": self.name,
            "spec": self.drawing.spec,
            "source": self.source,
            "columns": self.columns,
            "data": sorted({"buckets", self.source}),
        }


def lines_of(report: Report, judged: Sequence[Verdict]) -> list[dict[str, Any]]:
    """The data of each policy that has a time line, in the order of the table."""
    kinds = task_kinds_of(report)
    return [
        {
            "number": each.number,
            "name": each.name,
            "step": line.step,
            "thinned": _thinned(each.subject, line),
            **data_of(report, each.subject, line, kinds),
        }
        for each in judged
        if (line := each.subject.timeline) is not None
    ]


def merging_of(report: Report) -> dict[str, str]:
    """How values of several buckets become those of one, by column."""
    extremes = dict.fromkeys(("waiting", "in_hand", "age", "most"), "most")
    means = dict.fromkeys(task_kinds_of(report), "mean")
    least = dict.fromkeys(("waiting_low", "age_low"), "least")
    return {"at": "first", "to": "last", **extremes, **least, **means}


def data_of(
    report: Report, subject: Subject, line: Timeline, kinds: Sequence[str]
) -> dict[str, Columns]:
    """What is drawn; a kind of task that this policy had none of is nothing all along."""
    none: Mapping[str, Sequence[Any]] = {kind: [0] * len(line) for kind in kinds}
    buckets = {**none, **timelines.buckets_of(report, line)}
    return {"buckets": buckets, "decisions": timelines.decisions_of(report, subject)}


def panels_of(
    report: Report, palette: Palette, data: Mapping[str, Columns] | None = None
) -> tuple[Panel, ...]:
    """In the order of the page; with no data they wait for some."""
    given, kinds = data or {}, task_kinds_of(report)
    when: Column = ("at", "From, UTC", "")
    return (
        Panel(
            "depth",
            "Messages in the queue",
            "Messages waiting and in hand over time.",
            timelines.depth_chart(palette, given),
            "buckets",
            (
                when,
                ("waiting_low", "Waiting, at least", ""),
                ("waiting", "Waiting, at most", ""),
                ("in_hand", "In hand, at most", ""),
            ),
        ),
        Panel(
            "age",
            "Wait of the oldest message",
            "How long the oldest message had waited for its start, over time, against the promise.",
            timelines.age_chart(palette, given, report.promise_seconds),
            "buckets",
            (when, ("age_low", "Seconds, at least", ""), ("age", "Seconds, at most", "")),
        ),
        Panel(
            "tasks",
            "Tasks by provider and state",
            "Tasks over time, by provider and state.",
            timelines.tasks_chart(palette, given, kinds),
            "buckets",
            (when, ("most", "At most", ""), *((kind, kind, "") for kind in kinds)),
        ),
        Panel(
            "decisions",
            "Decisions",
            "Tasks launched and stopped over time; the table has the reasons.",
            timelines.decisions_chart(palette, given),
            "decisions",
            (
                ("at", "At, UTC", ""),
                ("launched", "Launched", ""),
                ("target", "Target", ""),
                ("why", "Because", "text"),
            ),
        ),
    )


def task_kinds_of(report: Report) -> list[str]:
    """Of all policies, in the order in which they are piled up."""
    lines = [each.timeline for each in report.subjects if each.timeline is not None]
    present = {kind for line in lines for kind in timelines.task_kinds(line)}
    return [kind for kind in timelines.task_order() if kind in present]


def _thinned(subject: Subject, line: Timeline) -> str:
    told = f"The finest stretch known is {words.duration(line.step)}."
    shown, made = len(subject.decisions), subject.decisions_made
    if shown < made:
        told += (
            f" Of {made:,} decisions that changed something, {shown:,} are told: of each few in a "
            "row the one that changed most."
        )
    return told
