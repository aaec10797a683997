"""What came of a search, in sentences."""

from __future__ import annotations

from textwrap import wrap

from autoscaler.core.units import format_duration
from autoscaler.simulation.compare.table import KEPT
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.tune.judging import Figures
from autoscaler.simulation.tune.tuning import Found, Tuning, Validated

_WIDTH = 98


def heading(tuning: Tuning, trace: Trace, found: Found, one: Validated) -> str:
    """The comment on top of the recommended file."""
    promise, validation = format_duration(tuning.judge.promise), tuning.parts.validation
    text = (
        f"Recommended by `autoscaler tune`: on the last {format_duration(validation.seconds)} of "
        f"{trace.name}, which its search of {found.trials} candidates did not see, "
        f"{one.validation.kept:.2%} of the messages start within {promise}, for "
        f"{dollars(one.validation.dollars_a_month)} a month. {compared(found)} "
        "Behind each value stands where it comes from."
    )
    return "".join(f"# {line}\n" for line in wrap(text, _WIDTH))


def compared(found: Found) -> str:
    """The recommended beside what runs today."""
    today, saving = found.today, found.saving
    if today is None or saving is None:
        return "Nothing was given as --config to compare it with."
    beside = f"what runs today, which keeps {today.kept:.2%} for {dollars(today.dollars_a_month)}"
    if saving >= 0:
        share = saving / today.dollars_a_month if today.dollars_a_month else 0.0
        return f"That is {dollars(saving)} a month, or {share:.0%}, less than {beside}."
    if today.keeps:
        return (
            f"That is {dollars(-saving)} a month more than {beside}: "
            "stay with it, or search with more --trials."
        )
    return f"That is {dollars(-saving)} a month more than {beside}."


def none_keeps(found: Found, promise: float) -> str:
    """Why there is nothing to recommend, and what came nearest."""
    one = found.nearest
    return (
        f"none of {found.trials} candidates starts {KEPT:.1%} within {format_duration(promise)} on "
        f"both parts of the trace; the nearest is number {one.tried.number}: "
        f"{_kept(one.tried.figures)} on the search's part, {_kept(one.validation)} on "
        f"validation, {dollars(one.validation.dollars_a_month)} a month "
        f"({one.tried.candidate.told()}); give more --trials, a longer promise or more max_tasks"
    )


def dollars(amount: float) -> str:
    """Money, to the cent; what is less than a cent is told."""
    return "less than $0.01" if 0 < amount < 0.01 else f"${amount:,.2f}"


def _kept(figures: Figures) -> str:
    unfinished = f" with {figures.unfinished:,} never finished" if figures.unfinished else ""
    return f"{figures.kept:.2%}{unfinished}"
