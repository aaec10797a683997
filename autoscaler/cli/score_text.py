"""Scores for people: of one run, or of many beside each other."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from autoscaler.core.units import format_duration
from autoscaler.simulation.scores import Scores, Spread

_WIDE = 180
"""Columns, where it goes to a file or another program."""


def show(*parts: RenderableType) -> None:
    """Print on standard output; lines end where their text does."""
    console = Console(file=sys.stdout, highlight=False)
    if not console.is_terminal:
        console.width = _WIDE
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    for line in capture.get().splitlines():
        print(line.rstrip())  # rich fills every line up


def facts(scores: Scores, notes: Iterable[str] = ()) -> Table:
    """Everything about one run."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in [*_facts(scores), *(("note", note) for note in notes)]:
        table.add_row(label, Text(text))
    return table


def _facts(scores: Scores) -> Iterator[tuple[str, str]]:
    yield "trace", f"{scores.trace}: {scores.messages:,} messages"
    yield "policy", f"{scores.policy}; world {scores.world}, seed {scores.seed}"
    yield "promise", _promise(scores)
    yield "wait", _spread(scores.wait_seconds)
    yield "finish", _spread(scores.finish_seconds)
    yield "oldest", _spread(scores.elasticity.oldest_age_seconds)
    yield "tasks", _tasks(scores)
    yield "bill", _bill(scores)
    yield "cost", _cost(scores)
    yield "perfect", _perfect(scores)
    yield "elastic", _elastic(scores)


def _promise(scores: Scores) -> str:
    promise = format_duration(scores.promise_seconds)
    kept = f"{scores.promise_kept_ratio:.2%} started within {promise}"
    return f"{kept}; {scores.unfinished:,} never finished" if scores.unfinished else kept


def _spread(spread: Spread) -> str:
    named = {"p50": spread.p50, "p95": spread.p95, "p99": spread.p99, "max": spread.max}
    return ", ".join(f"{name} {seconds(value)}" for name, value in named.items()) + (
        f", mean {seconds(spread.mean)}"
    )


def _tasks(scores: Scores) -> str:
    return (
        f"{scores.launches:,} launched, {scores.peak_tasks:,} at most; "
        f"{scores.launch_failures:,} launches failed, {scores.interruptions:,} interrupted, "
        f"{scores.duplicates:,} messages handed out again"
    )


def _bill(scores: Scores) -> str:
    by = ", ".join(f"{name} {billed:,.0f}" for name, billed in scores.bill_by_provider.items())
    work = "" if scores.work_task_seconds is None else f"; work {scores.work_task_seconds:,.0f}"
    return f"{scores.bill_task_seconds:,.0f} task-seconds ({by or 'none'}){work}"


def _cost(scores: Scores) -> str:
    looking = f"{scores.ticks:,} ticks, {scores.api_calls:,} API calls"
    return f"{dollars(scores.cost_usd)}, and {dollars(scores.control_cost_usd)} to look: {looking}"


def _perfect(scores: Scores) -> str:
    if scores.ratio_to_clairvoyant is None or scores.ratio_to_bound is None:
        return "not comparable: something was never finished" if scores.unfinished else "nothing"
    return (
        f"{scores.ratio_to_clairvoyant:.3f} times the best schedule known for this longest wait, "
        f"{scores.ratio_to_bound:.3f} times the bound under any"
    )


def _elastic(scores: Scores) -> str:
    found = scores.elasticity
    return (
        f"short of tasks {found.tau_under:.1%} of the time (θ {ratio(found.theta_under)}), "
        f"too many {found.tau_over:.1%} (θ {ratio(found.theta_over)}), "
        f"jitter {found.jitter_per_minute:+.2f} a minute"
    )


def seconds(value: float | None) -> str:
    """A wait in words."""
    return "never" if value is None else format_duration(value)


def dollars(value: float | None) -> str:
    """Money in words: cents matter, and fractions of one where there are no more."""
    if value is None:
        return "unknown"
    return f"${value:,.2f}" if value >= 1 else f"${value:.4f}"


def ratio(value: float | None) -> str:
    """So many times something, in words."""
    return "-" if value is None else f"{value:.3f}"
