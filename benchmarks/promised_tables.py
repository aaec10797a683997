"""The tables of ``promised.py``: ours by trace, then all peers at a glance."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import geometric_mean

KEPT = 0.995
HINDSIGHT = ("static",)
"""Sized by who knows the trace: shown, but not counted among the peers."""


@dataclass(frozen=True, slots=True)
class Promise:
    """How long a message may wait, and how often is looked; in seconds."""

    wait: float
    period: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A subject on a slice by a promise, over all phases."""

    trace: str
    promise: Promise
    subject: str
    kept: float
    """In the worst phase."""
    undone: int
    bill: float
    """Task-seconds, mean."""
    dearest: float
    bound: float
    known: float
    """The bill of the best schedule known."""
    waits: tuple[float, float, float, float]
    """p50, p95, p99 and the longest, of the worst phase."""
    launches: float

    @property
    def keeps(self) -> bool:
        """Whether it starts 99.5 % in time in every phase, and leaves nothing undone."""
        return self.kept >= KEPT and not self.undone


def markdown(found: Sequence[Cell]) -> Iterator[str]:
    """A table for each promise, then all peers at a glance."""
    for promise in dict.fromkeys(each.promise for each in found):
        here = [each for each in found if each.promise == promise]
        yield f"### {promise.wait / 60:g} minutes, a look every {promise.period:g} s"
        yield from ("", *_ours(here), "")
        if any(each.subject != "deadline" for each in here):
            yield from (*_peers(here), "")


def _ours(here: Sequence[Cell]) -> Iterator[str]:
    mine = [each for each in here if each.subject == "deadline"]
    rival = len(mine) < len(here)
    yield (
        "| trace | kept, worst phase | x best known (worst phase) | x bound | p50, p95, p99 "
        f"| longest | launches |{' cheapest peer that keeps it |' if rival else ''}"
    )
    yield f"| --- | ---: | ---: | ---: | ---: | ---: | ---: |{' --- |' if rival else ''}"
    for cell in mine:
        p50, p95, p99, most = cell.waits
        yield (
            f"| {cell.trace} | {100 * cell.kept:.2f} % | {cell.bill / cell.known:.3f} "
            f"({cell.dearest / cell.known:.3f}) | {cell.bill / cell.bound:.3f} "
            f"| {p50:.0f}, {p95:.0f}, {p99:.0f} s | {most:.0f} s | {cell.launches:,.0f} |"
            f"{f' {_rival(cell, here)} |' if rival else ''}"
        )
    ratios = [each.bill / each.known for each in mine]
    bounds = [each.bill / each.bound for each in mine]
    yield (
        f"| **all** | {sum(each.keeps for each in mine)} of {len(mine)} keep it "
        f"| **{geometric_mean(ratios):.3f}**, worst {max(ratios):.3f} "
        f"| {geometric_mean(bounds):.3f} | | | |{' |' if rival else ''}"
    )


def _rival(cell: Cell, here: Sequence[Cell]) -> str:
    rivals = [
        each
        for each in here
        if each.trace == cell.trace and each.subject not in ("deadline", *HINDSIGHT) and each.keeps
    ]
    if not rivals:
        return "none does"
    best = min(rivals, key=lambda each: each.bill)
    return f"{best.subject}: {best.bill / cell.bill:.2f} times ours"


def _peers(here: Sequence[Cell]) -> Iterator[str]:
    """By how many traces they keep the promise on, then by what they pay there."""
    mine = {each.trace: each for each in here if each.subject == "deadline"}
    rows = []
    for subject in dict.fromkeys(each.subject for each in here if each.subject != "deadline"):
        cells_ = [each for each in here if each.subject == subject]
        ratios = [each.bill / mine[each.trace].bill for each in cells_ if each.keeps]
        mean = geometric_mean(ratios) if ratios else math.nan
        rows.append((-len(ratios), mean, ratios, subject, len(cells_)))
    yield "| peer | keeps it on | its bill by ours there | from, to |"
    yield "| --- | ---: | ---: | ---: |"
    for kept, mean, ratios, subject, total in sorted(rows, key=lambda row: row[:2]):
        told = f"{mean:.2f} | {min(ratios):.2f}, {max(ratios):.2f}" if kept else "- | -"
        name = f"{subject} (sized in hindsight)" if subject in HINDSIGHT else subject
        yield f"| {name} | {-kept} of {total} | {told} |"


def write(lines: Sequence[str], page: Path, mark: str) -> None:
    """Put the tables into a page, in place of those that are there."""
    text = page.read_text(encoding="utf-8")
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    tables = "\n".join((begin, "", *lines, end))
    replaced, places = re.subn(f"{begin}.*{end}", lambda _: tables, text, flags=re.DOTALL)
    page.write_text(replaced if places else f"{text}\n{tables}\n", encoding="utf-8")
