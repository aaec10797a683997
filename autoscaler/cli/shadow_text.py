"""A shadow's report for people; every figure says whether it is measured or estimated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from autoscaler.cli.score_text import dollars, show
from autoscaler.core.cost import HOURS_A_MONTH
from autoscaler.core.units import format_duration

HOUR = 3600.0


def print_report(form: Mapping[str, Any]) -> None:
    """Print it, fleet by fleet."""
    for name, fleet in form["fleets"].items():
        show(Text(f"fleet {name}: {_watched(fleet)}", "bold"), _sides(fleet), Text())
        show(*(Text(line) for line in _saving(fleet)))
        for queue, waits in fleet["queues"].items():
            show(Text(f"queue {queue}", "bold"), *(Text(f"  {line}") for line in _risk(waits)))
        show(Text())
    if form["left_out"]:
        show(Text(f"{form['left_out']:,} lines are no record that can be read; they are left out"))


def _watched(fleet: Mapping[str, Any]) -> str:
    told = f"{fleet['looks']:,} looks"
    if fleet["from"] is not None:
        told += f", {_moment(fleet['from'])} to {_moment(fleet['to'])}"
    if fleet["seconds_unseen"]:
        told += f", {format_duration(fleet['seconds_unseen'])} of it unseen"
    return told


def _sides(fleet: Mapping[str, Any]) -> Table:
    ran, low, high = fleet["ran"], fleet["ours_at_least"], fleet["ours_at_most"]
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    for title in ("", "ran (measured)", "ours, at least (estimated)", "ours, at most (estimated)"):
        table.add_column(title, justify="right" if title else "left")
    hours = (f"{one['task_seconds'] / HOUR:,.1f}" for one in (ran, low, high))
    table.add_row("task-hours", *hours)
    table.add_row("dollars", *(dollars(one["dollars"]) for one in (ran, low, high)))
    table.add_row("a month", *(_a_month(one["dollars"], fleet) for one in (ran, low, high)))
    table.add_row("tasks at once", *(f"{one['most']:g}" for one in (ran, low, high)))
    table.add_row("tasks started", f"{ran['started']:,}", f"{low['started']:,}", "")
    return table


def _a_month(spent: float | None, fleet: Mapping[str, Any]) -> str:
    if spent is None or not fleet["seconds"]:
        return "unknown"
    return dollars(spent * HOURS_A_MONTH * HOUR / fleet["seconds"])


def _saving(fleet: Mapping[str, Any]) -> Iterator[str]:
    what = "dollars" if fleet["ran"]["dollars"] is not None else "task_seconds"
    ran = fleet["ran"][what]
    if not ran:
        yield "saving: none to be had, as nothing ran"
        return
    most, least = (1 - fleet[one][what] / ran for one in ("ours_at_least", "ours_at_most"))
    unit = what.replace("_", "-")
    yield f"saving: between {least:.0%} and {most:.0%} of today's {unit} (estimated)"


def _risk(waits: Mapping[str, Any]) -> Iterator[str]:
    looks, waiting = waits["looks"], waits["waiting"]
    yield f"measured: messages waited at {waiting:,} of {looks:,} looks"
    if waits["oldest"] is not None:
        yield f"measured: the longest wait seen was {format_duration(waits['oldest'])}"
    if waits["age_unknown"]:
        yield f"unknown: CloudWatch had no age at {waits['age_unknown']:,} of them"
    if waits["promise"] is None:
        yield "no promise: no policy makes one; --promise 5m holds waits against one"
    else:
        late, promise = waits["late"], format_duration(waits["promise"])
        yield f"measured: longer than the promise of {promise} at {late:,} looks; of these"
        yield f"  estimated: ours would have wanted more tasks at {waits['late_more']:,}"
        yield f"  estimated: ours would have wanted fewer tasks at {waits['late_fewer']:,}"
    fewer, none = waits["waiting_fewer"], waits["waiting_none"]
    yield (
        f"risk, estimated: at {fewer:,} of the {waiting:,} looks with messages ours would have "
        f"wanted fewer tasks than ran; at {none:,} none at all"
    )


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
