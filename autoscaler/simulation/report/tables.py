"""The numbers beside the charts, as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autoscaler.simulation.report import words
from autoscaler.simulation.report.model import Report
from autoscaler.simulation.report.parts import PARTS
from autoscaler.simulation.report.verdict import Verdict, a_month
from autoscaler.simulation.scores import Scores


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and what is worth knowing about it in smaller letters."""

    text: str
    beside: str = ""
    number: str = ""
    """By which the charts name the row."""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells, the first of which names them."""

    cells: tuple[Cell, ...]
    mark: str = ""
    """What the style sheet knows the row by."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a table shows."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def answer_table(report: Report, judged: Sequence[Verdict]) -> Table:
    """What each policy costs, what it keeps, and how far from perfect it is."""
    heads = (
        "Policy",
        "A month",
        "Promise kept",
        "Above perfect",
        "95 % wait up to",
        "Longest wait",
    )
    return Table(heads, tuple(_answer_row(report, each) for each in judged))


def waits_table(judged: Sequence[Verdict]) -> Table:
    """Percentiles of the waits until the start and until the end."""
    heads = (
        "Policy",
        "Half",
        "95 %",
        "99 %",
        "All",
        "Late",
        "Unfinished",
        "Done: half",
        "Done: 95 %",
    )
    return Table(heads, tuple(_waits_row(each) for each in judged))


def money_table(report: Report, judged: Sequence[Verdict]) -> Table:
    """Dollars a month by provider."""
    parts = [part for part in PARTS if any(part in each.subject.money for each in judged)]
    heads = ("Policy", *(PARTS[part] for part in parts), "Together")
    return Table(heads, tuple(_money_row(report, each, parts) for each in judged))


def runs_table(judged: Sequence[Verdict]) -> Table:
    """What else was counted."""
    columns: dict[str, Callable[[Scores], float | None]] = {
        "Launches": lambda scores: scores.launches,
        "Failed launches": lambda scores: scores.launch_failures,
        "Interruptions": lambda scores: scores.interruptions,
        "Handed out again": lambda scores: scores.duplicates,
        "Most tasks": lambda scores: scores.peak_tasks,
        "Task-hours billed": lambda scores: scores.bill_task_seconds / 3600,
        "Looks": lambda scores: scores.ticks,
        "Calls": lambda scores: scores.api_calls,
    }
    rows = (
        _row(each, *(words.count(of(each.subject.scores)) for of in columns.values()))
        for each in judged
    )
    return Table(("Policy", *columns), tuple(rows))


def curves_table(report: Report) -> Table:
    """What perfect costs, by the longest wait it allows."""
    dollars = report.dollars_per_task_second * report.months
    heads = ("Longest wait allowed", "No fleet can be cheaper", "Best schedule found")
    rows = (
        Row(
            (
                Cell(words.duration(each.promise_seconds)),
                Cell(words.dollars(each.bound_task_seconds * dollars)),
                Cell(words.dollars(each.clairvoyant_task_seconds * dollars)),
            )
        )
        for each in sorted(report.curves, key=lambda each: each.promise_seconds)
    )
    return Table(heads, tuple(rows))


def troubles(verdict: Verdict) -> str:
    """What no average may hide, in a few words; empty where all went well."""
    scores = verdict.subject.scores
    told = (
        (scores.unfinished, "message", "never finished"),
        (scores.launch_failures, "launch", "failed"),
        (scores.interruptions, "task", "interrupted"),
    )
    plural = {"launch": "launches"}
    return "; ".join(
        f"{words.several(number, noun, plural.get(noun))} {what}"
        for number, noun, what in told
        if number
    )


def _answer_row(report: Report, verdict: Verdict) -> Row:
    scores = verdict.subject.scores
    cells = (
        Cell(verdict.name, troubles(verdict), str(verdict.number)),
        Cell(words.dollars(verdict.a_month), _spread_of_cost(report, verdict)),
        Cell(words.share(verdict.kept), _spread_of_kept(verdict)),
        Cell(from_perfect(verdict)),
        Cell(_wait(scores, scores.wait_seconds.p95)),
        Cell(_wait(scores, scores.wait_seconds.max)),
    )
    kept = "keeps" if verdict.keeps else "breaks"
    return Row(cells, kept if verdict.subject.ours else f"{kept} peer")


def from_perfect(verdict: Verdict) -> str:
    """At least and at most."""
    if verdict.at_most is None:
        return words.NOTHING
    return words.between(verdict.at_least, verdict.at_most)


def _spread_of_cost(report: Report, verdict: Verdict) -> str:
    costs = [a_month(each, report.months) for each in _all(verdict)]
    known = [each for each in costs if each is not None]
    return _range(known, words.dollars)


def _spread_of_kept(verdict: Verdict) -> str:
    return _range([each.promise_kept_ratio for each in _all(verdict)], words.share)


def _all(verdict: Verdict) -> tuple[Scores, ...]:
    return (verdict.subject.scores, *verdict.subject.others)


def _range(values: Sequence[float], written: Callable[[float], str]) -> str:
    """Over several runs; nothing where they all read the same."""
    if len(values) < 2 or written(min(values)) == written(max(values)):
        return ""
    return f"{written(min(values))} to {written(max(values))}"


def _waits_row(verdict: Verdict) -> Row:
    scores = verdict.subject.scores
    wait, done = scores.wait_seconds, scores.finish_seconds
    late = round((1.0 - scores.promise_kept_ratio) * scores.messages)
    waited = (wait.p50, wait.p95, wait.p99, wait.max)
    return _row(
        verdict,
        *(_wait(scores, each) for each in waited),
        words.count(late),
        words.count(scores.unfinished),
        *(_wait(scores, each) for each in (done.p50, done.p95)),
    )


def _wait(scores: Scores, seconds: float | None) -> str:
    """None is a wait without an end, unless there was nobody to wait."""
    if seconds is None:
        return "for ever" if scores.messages else words.NOTHING
    return words.duration(seconds if seconds < 10 else round(seconds))


def _money_row(report: Report, verdict: Verdict, parts: Sequence[str]) -> Row:
    money = verdict.subject.money
    shown = [money[part] * report.months if part in money else None for part in parts]
    return _row(verdict, *map(words.dollars, (*shown, verdict.a_month)))


def _row(verdict: Verdict, *texts: str) -> Row:
    return Row((Cell(verdict.name, number=str(verdict.number)), *map(Cell, texts)))
