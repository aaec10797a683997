"""The answer: which policy to take, in a sentence, and how each compares with perfect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from autoscaler.simulation.compare.table import KEPT
from autoscaler.simulation.report import words
from autoscaler.simulation.report.model import Report, Subject
from autoscaler.simulation.scores import Scores


@dataclass(frozen=True, slots=True)
class Verdict:
    """One subject, judged."""

    number: int
    """Its place in the table, from 1: by it the charts name it."""
    subject: Subject
    a_month: float | None
    """US dollars, tasks and control together; None: a provider has no known price."""
    kept: float
    """Share of the messages that were started in time."""
    unfinished: int
    at_least: float | None
    """Its bill over the best schedule found: it is that far from perfect at least."""
    at_most: float | None
    """Its bill over the lower bound."""

    @property
    def name(self) -> str:
        """The subject's."""
        return self.subject.name

    @property
    def keeps(self) -> bool:
        """Whether it kept the promise and left nothing undone, with every seed and phase."""
        runs = (self.subject.scores, *self.subject.others)
        return all(each.promise_kept_ratio >= KEPT and not each.unfinished for each in runs)


def judge(report: Report) -> tuple[Verdict, ...]:
    """Everybody: those that keep the promise first, the cheapest of them first of all."""
    judged = sorted((_judged(each, report.months) for each in report.subjects), key=_rank)
    return tuple(replace(each, number=number) for number, each in enumerate(judged, start=1))


def answer(report: Report, judged: Sequence[Verdict]) -> str:
    """The whole comparison in a sentence or two."""
    if not judged:
        return "Nothing was simulated."
    promise = words.duration(report.promise_seconds)
    best = judged[0]
    if not best.keeps:
        return _nobody(promise, judged)
    start = (
        f"{best.name} starts {words.share(best.kept)} of the messages within {promise}"
        f" for {_dollars(best.a_month)}"
    )
    return f"{start}{_from_perfect(best)}. {_rival(judged)}".strip()


def a_month(scores: Scores, months: float) -> float | None:
    """US dollars, tasks and control together, of a run that fits so many times into a month."""
    if scores.cost_usd is None:
        return None
    return (scores.cost_usd + scores.control_cost_usd) * months


def _judged(subject: Subject, months: float) -> Verdict:
    scores = subject.scores
    return Verdict(
        0,
        subject,
        a_month(scores, months),
        scores.promise_kept_ratio,
        scores.unfinished,
        scores.ratio_to_clairvoyant,
        scores.ratio_to_bound,
    )


def _rank(verdict: Verdict) -> tuple[bool, float, float]:
    cost = inf if verdict.a_month is None else verdict.a_month
    return (False, cost, -verdict.kept) if verdict.keeps else (True, -verdict.kept, cost)


def _from_perfect(best: Verdict) -> str:
    if best.at_most is None:
        return ""
    above = words.between(best.at_least, best.at_most)
    return f", {above} above what a fleet that knows the future would pay"


def _rival(judged: Sequence[Verdict]) -> str:
    best, others = judged[0], judged[1:]
    keeping = next((each for each in others if each.keeps), None)
    if keeping is not None:
        return (
            f"The next cheapest that keeps the promise, {keeping.name}, {_dearer(keeping, best)}."
        )
    if len(others) > 1:
        return f"None of the {len(others)} others keeps the promise."
    return _only(others[0]) if others else ""


def _dearer(other: Verdict, best: Verdict) -> str:
    if other.a_month is None or best.a_month is None:
        return f"costs {_dollars(other.a_month)}"
    extra = other.a_month - best.a_month
    if extra <= 0.005 * best.a_month:
        return "costs as much"
    return f"costs {words.dollars(extra)} a month more{_percent(extra, best.a_month)}"


def _dollars(amount: float | None) -> str:
    return "an unknown sum" if amount is None else f"{words.dollars(amount)} a month"


def _only(other: Verdict) -> str:
    return f"{other.name} does not keep it: {words.share(other.kept)}."


def _percent(extra: float, base: float) -> str:
    return f" ({100 * extra / base:.0f} %)" if base > 0 else ""


def _nobody(promise: str, judged: Sequence[Verdict]) -> str:
    best = judged[0]
    whoever = "Nobody here keeps" if len(judged) > 1 else f"{best.name} does not keep"
    closest = "" if len(judged) == 1 else f"{best.name} comes closest: "
    told = (
        f"{whoever} the promise of {promise} for {words.share(KEPT)} of the messages. "
        f"{closest}{words.share(best.kept)} started in time, for {_dollars(best.a_month)}"
    )
    if best.unfinished:
        told += f"; {words.several(best.unfinished, 'message')} never finished"
    return f"{told}."
