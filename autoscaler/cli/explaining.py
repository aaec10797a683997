"""Shows a tick, planned or past, to people: the one renderer of `plan` and `explain`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autoscaler.cli.options import Output
from autoscaler.core.units import format_duration
from autoscaler.telemetry.costs import CostTold
from autoscaler.telemetry.explanation import (
    Explanation,
    PolicyTold,
    QueueTold,
    ServiceTold,
    to_json,
)
from autoscaler.telemetry.instances import instance_lines


def show(explanations: Sequence[Explanation], output: Output) -> None:
    """Print them on standard output."""
    if output is Output.JSON:
        print(json.dumps(to_json(explanations), indent=2))
        return
    console = Console(file=sys.stdout, highlight=False)
    with console.capture() as capture:
        console.print(Group(*map(rendered, explanations)), end="")
    for line in capture.get().splitlines():
        print(line.rstrip())  # rich fills every line up


def rendered(explanation: Explanation) -> RenderableType:
    """A fleet: its queues one by one, then what became of their wants together."""
    head = Text(f"fleet {explanation.fleet}: {explanation.end}, {_moment(explanation.at)}", "bold")
    queues = (_queue(queue) for queue in explanation.queues)
    return Group(head, *queues, _indented(_facts(_fleet(explanation))), "")


def _queue(queue: QueueTold) -> RenderableType:
    parts: list[RenderableType] = [Text(f"queue {queue.queue}", "bold")]
    parts.append(_indented(_facts(_readings(queue))))
    if queue.policies:
        parts.append(_indented(_policies(queue.policies)))
    if queue.steps:
        parts.append(_indented(_facts([("so", "\n".join(queue.steps))])))
    return _indented(Group(*parts))


def _readings(queue: QueueTold) -> Iterator[tuple[str, str]]:
    counts = [
        f"{_known(queue.visible)} visible",
        f"{_known(queue.in_flight)} in flight",
        f"{_known(queue.delayed)} delayed",
    ]
    yield "messages", ", ".join(counts)
    age = "unknown" if queue.oldest_age is None else format_duration(queue.oldest_age)
    yield "oldest", age
    if queue.sent is not None or queue.deleted is not None:
        yield "a minute", f"{_known(queue.sent)} sent, {_known(queue.deleted)} deleted"
    if queue.dead_letters:
        yield "dead letters", str(queue.dead_letters)
    if queue.trouble:
        yield "trouble", queue.trouble


def _policies(policies: Iterable[PolicyTold]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    table.add_column("policy", overflow="fold", max_width=16)
    table.add_column("advice", overflow="fold", max_width=22)
    table.add_column("why", overflow="fold")
    for one in policies:
        table.add_row(Text(one.policy), Text(_advice(one)), Text(one.why))
    return table


def _advice(one: PolicyTold) -> str:
    if one.answer != "advice":
        return {"abstained": "abstains", "failed": "left out"}[one.answer]
    said = {
        "want": one.want,
        "at least": one.at_least,
        "at most": one.at_most,
        "new tasks": one.new_tasks,
        "Spot share": one.spot_share,
        "stay until": _clock(one.stay_until),
        "look again": _clock(one.look_again_at),
    }
    lines = [f"{what} {value}" for what, value in said.items() if value is not None]
    return "\n".join(["pause", *lines] if one.pause else lines) or "no opinion"


def _fleet(told: Explanation) -> Iterator[tuple[str, str]]:
    for signal, value in told.signals.items():
        yield "signal", f"{_known(value)}: {signal}"
    if told.live is None:
        yield "tasks", "unknown"
    else:
        yield "tasks", f"{told.live} live: {told.starting} starting, {told.running} running"
    yield "target", "unknown, so nothing changes" if told.target is None else str(told.target)
    if told.steps:
        yield "so", "\n".join(told.steps)
    yield _change(told)
    if told.launched:
        yield "accepted", str(told.launched)
    if told.refusals:
        yield "refused", "\n".join(told.refusals)
    yield from _billed(told)
    if told.troubles:
        yield "trouble", "\n".join(told.troubles)


def _billed(told: Explanation) -> Iterator[tuple[str, str]]:
    if told.instances:
        yield "instances", "\n".join(instance_lines(told.instances))
    if told.cost:
        yield "cost", _cost(told.cost)


def _change(told: Explanation) -> tuple[str, str]:
    """What follows: one number for a service, launches for tasks that drain and exit."""
    if told.service:
        return "service", _service(told.service)
    launches = (f"{count} on {provider}" for provider, count in told.launches.items())
    return "launches", ", ".join(launches) or "none"


def _service(told: ServiceTold) -> str:
    becomes = "" if told.becomes is None else f", {told.becomes} from now on"
    others = [told.deployment and f"{told.deployment} is being deployed", told.scaled_by]
    lines = [f"{told.service} keeps {told.desired}{becomes}", *(one for one in others if one)]
    return "\n".join(lines)


def _cost(cost: CostTold) -> str:
    names = " and ".join(cost.estimates)
    estimate = f" ({names} estimated)" if names else ""
    return (
        f"${cost.fleet_an_hour:.4f} an hour, ${cost.launches_an_hour:.4f} of it new{estimate}; "
        f"the controller's own looks at most ${cost.upkeep_a_month:.2f} a month"
    )


def _facts(rows: Iterable[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True, min_width=8)
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(label, Text(text))
    return table


def _indented(what: RenderableType) -> Padding:
    return Padding(what, (0, 0, 0, 2))


def _known(count: float | None) -> str:
    return "unknown" if count is None else f"{count:g}"


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _clock(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%H:%M:%SZ")
