"""Modes, steps and seasons as text for people, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from autoscaler.cli.options import Output
from autoscaler.core.modes import Calendar
from autoscaler.core.units import format_duration
from autoscaler.operations.mode.seen import as_json
from autoscaler.operations.mode.sight import Sight
from autoscaler.operations.mode.steps import Step
from autoscaler.operations.mode.switching import Taken


def print_sights(sights: Sequence[Sight], output: Output) -> None:
    """Print how queues stand."""
    if output is Output.JSON:
        print(json.dumps([_sight_json(one) for one in sights], indent=2))
        return
    for number, one in enumerate(sights):
        print("\n" * bool(number) + "\n".join(_sight_lines(one)))


def _sight_json(one: Sight) -> dict[str, Any]:
    return {
        "queue": one.queue,
        "mode": one.mode,
        "consumers": one.consumers,
        **as_json(one.seen),
        "troubles": one.troubles,
        "season": one.season and {"mode": one.season, "until": one.until},
    }


def _sight_lines(one: Sight) -> list[str]:
    service = one.seen.service
    state = "" if service.settled else ", being changed"
    runs = f"{service.running} running of {service.desired}, {service.arn.rpartition('/')[2]}"
    lines = [
        f"queue     {one.queue}",
        f"mode      {one.mode or 'between direct and queued'}",
        f"works     {' and '.join(one.consumers) or 'nobody'}",
        f"service   {service.name}: {runs}{state}",
    ]
    lines += [f"mapping   {each.function}: {each.state}" for each in one.seen.mappings]
    if fleet := one.seen.fleet:
        paused = "paused" if fleet.paused else "launching"
        lines.append(f"fleet     {fleet.name}: {paused}, {fleet.live} live")
    if one.season:
        lines.append(f"season    {one.season}" + (f" until {one.until}" if one.until else ""))
    return lines + [f"trouble   {each}" for each in one.troubles]


def step_line(step: Step) -> str:
    """A step and what it changes."""
    return f"{step.name:<16} {step.does}: {step.before} -> {step.after}"


def taken_line(taken: Taken) -> str:
    """A step that was taken."""
    return f"{step_line(taken.step)} ({format_duration(taken.seconds)})"


def step_json(step: Step) -> dict[str, Any]:
    """A step, for programs."""
    return {name: getattr(step, name) for name in ("name", "does", "before", "after")}


def taken_json(taken: Taken) -> dict[str, Any]:
    """A step that was taken, for programs."""
    return {**step_json(taken.step), "seconds": round(taken.seconds, 3)}


def print_year(calendars: Mapping[str, Calendar], year: int, output: Output) -> None:
    """Print what a year of seasons would switch, the first line of each being how it begins."""
    told = {name: _year(one, year) for name, one in calendars.items()}
    if output is Output.JSON:
        print(json.dumps({"year": year, "queues": told}, indent=2))
        return
    for name, rows in told.items():
        for row in rows:
            print(f"{name:<16} {row['at']:<38} {row['mode']}")


def _year(calendar: Calendar, year: int) -> list[dict[str, str]]:
    start = calendar.new_year(year)
    changes = calendar.changes(start, calendar.new_year(year + 1))
    rows = [(start, calendar.mode(start)), *changes]
    return [{"at": calendar.wall(at), "mode": str(mode)} for at, mode in rows]
