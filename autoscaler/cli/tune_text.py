"""The result of a search for people: the Pareto table, the recommendation, its YAML."""

from __future__ import annotations

from pathlib import Path

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from autoscaler.cli.score_text import seconds, show
from autoscaler.cli.tuning import Recommendation
from autoscaler.core.units import format_duration
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.tune.judging import Figures
from autoscaler.simulation.tune.tuning import Validated
from autoscaler.simulation.tune.words import compared, dollars, none_keeps

_TITLES = ("", "kept", "a month", "kept", "a month", "p95 wait", "candidate")


def report(found: Recommendation, output: Path | None) -> None:
    """Print all of it."""
    show(*_about(found), Text(), _table(found), Text(), *_facts(found, output))
    if found.yaml and output is None:
        print(f"\n{found.yaml}", end="")


def failure(found: Recommendation) -> str:
    """Why there is nothing to recommend."""
    return none_keeps(found.found, found.tuning.judge.promise)


def _about(found: Recommendation) -> list[RenderableType]:
    parts, promise = found.tuning.parts, format_duration(found.tuning.judge.promise)
    return [
        Text(f"{found.trace.name}, {found.found.trials} candidates for {promise}", "bold"),
        Text(
            f"searched on {_part(parts.search)}, validated on the {_part(parts.validation)} after"
        ),
    ]


def _part(part: Trace) -> str:
    return f"{format_duration(part.seconds)} with {len(part):,} messages"


def _table(found: Recommendation) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    for number, title in enumerate(_TITLES):
        part = "search\n" if number in (1, 2) else "validation\n" if number in (3, 4, 5) else "\n"
        last = number == len(_TITLES) - 1
        table.add_column(
            part + title, justify="left" if last else "right", overflow="fold", no_wrap=not last
        )
    for one in found.found.validated:
        style = "bold" if one is found.found.recommended else ""
        table.add_row(*(Text(cell) for cell in _row(one)), style=style)
    if found.found.today:
        table.add_row(*map(Text, ("today", "", "", *_cells(found.found.today), "as configured")))
    return table


def _row(one: Validated) -> list[str]:
    search = _cells(one.tried.figures)[:2]
    told = one.tried.candidate.told()
    return [str(one.tried.number), *search, *_cells(one.validation), told]


def _cells(figures: Figures) -> list[str]:
    kept = f"{figures.kept:.2%}" + ("" if figures.keeps else " !")
    return [kept, dollars(figures.dollars_a_month), seconds(figures.wait_p95)]


def _facts(found: Recommendation, output: Path | None) -> list[RenderableType]:
    one = found.found.recommended
    if one is None:
        return [Text("nothing to recommend", "bold")]
    kept, bill = one.validation.kept, dollars(one.validation.dollars_a_month)
    told = f"recommended: number {one.tried.number}, {bill} a month, {kept:.2%} kept."
    wrote = f"wrote {output}; next: autoscaler config check --config {output}"
    return [Text(told, "bold"), Text(compared(found.found)), *([Text(wrote)] if output else [])]
