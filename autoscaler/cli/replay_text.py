"""A replay for people: differences one by one, then what each fleet comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from rich.table import Table
from rich.text import Text

from autoscaler.cli.score_text import show
from autoscaler.operations.replay.replay import Difference, Replay
from autoscaler.operations.replay.tally import FleetTally, Sums


def report(done: Replay, source: str) -> None:
    """Print all of it."""
    for one in done.differences:
        show(*(Text(line) for line in _difference(one)), Text())
    more = done.different - len(done.differences)
    if more:
        show(Text(f"{more:,} more ticks are decided otherwise (--show tells more)"), Text())
    for name, fleet in done.fleets.items():
        if fleet.different:
            show(Text(f"fleet {name}", "bold"), _sums(fleet), Text())
    show(*(Text(line) for line in _summary(done, source)))


def _difference(one: Difference) -> Iterator[str]:
    again = one.again
    at = _moment(again.record.tick)
    yield f"fleet {again.record.fleet}, {at}, line {one.line}: {_targets(one)}"
    yield from (f"  - {text}" for text in one.lost)
    yield from (f"  + {text}" for text in one.new)
    if not (one.lost or one.new):
        yield f"  the reasons are the same; what differs is {', '.join(one.parts)}"


def _targets(one: Difference) -> str:
    then, now = one.again.then.target, one.again.now.target
    if then == now:
        return f"target {_told(now)} as then, in another way"
    return f"target {_told(now)}, then {_told(then)}; {one.again.then.live} live"


def _told(target: int | None) -> str:
    return "unknown" if target is None else str(target)


def _sums(fleet: FleetTally) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    table.add_column("")
    table.add_column("then", justify="right")
    table.add_column("now", justify="right")
    for label, then, now in _rows(fleet.then, fleet.now, fleet.ticks):
        table.add_row(label, then, now)
    return table


def _rows(then: Sums, now: Sums, ticks: int) -> Iterable[tuple[str, str, str]]:
    yield "launches wanted", f"{then.wanted:,}", f"{now.wanted:,}"
    yield "target, mean", f"{then.targets / ticks:.2f}", f"{now.targets / ticks:.2f}"
    yield "target, most", str(then.most), str(now.most)
    yield "ticks held", f"{then.held:,}", f"{now.held:,}"
    for cause in sorted({*then.reasons, *now.reasons}):
        yield f"reason {cause}", f"{then.reasons[cause]:,}", f"{now.reasons[cause]:,}"


def _summary(done: Replay, source: str) -> Iterator[str]:
    when = ""
    if done.first is not None and done.last is not None:
        when = f", {_moment(done.first)} to {_moment(done.last)}"
    yield f"{source}: {done.ticks:,} ticks decided again, {_otherwise(done)}{when}"
    if done.undecided:
        yield f"{done.undecided:,} records decided nothing: decided before, late, or failed"
    for fleet, count in done.strangers.items():
        yield f"{count:,} records are of the fleet {fleet}, which this configuration does not have"
    if done.unreadable:
        yield f"{done.unreadable:,} records cannot be read"
    if done.left_out:
        yield f"{done.left_out:,} lines are no record"
    if done.different:
        yield (
            "each tick was decided on what was seen then, with the fleet there was; "
            "`autoscaler simulate` follows a configuration through"
        )


def _otherwise(done: Replay) -> str:
    resized = sum(fleet.resized for fleet in done.fleets.values())
    targets = f" ({resized:,} with another target)" if done.different else ""
    return f"{done.different:,} otherwise{targets}"


def _moment(tick: int) -> str:
    return datetime.fromtimestamp(tick, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
