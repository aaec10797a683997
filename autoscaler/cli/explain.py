"""`autoscaler explain`: why a past tick did what it did, from its record."""

from __future__ import annotations

import math
import sys
import time
from datetime import tzinfo
from typing import Annotated

import typer

from autoscaler.cli.explaining import show
from autoscaler.cli.moments import moment_of
from autoscaler.cli.options import Output, OutputFormat, RecordsFile
from autoscaler.core.errors import ConfigurationError, RecordUnreadableError
from autoscaler.core.record import Record
from autoscaler.core.wallclock import zone_of
from autoscaler.telemetry.explanation import explain as explained
from autoscaler.telemetry.reading import Found, Wanted, find
from autoscaler.telemetry.record_lines import lines


def explain(
    record: RecordsFile = "records.jsonl",
    fleet: Annotated[str | None, typer.Option(help="Only this fleet.")] = None,
    queue: Annotated[str | None, typer.Option(help="Only the fleet that serves it.")] = None,
    tick: Annotated[int | None, typer.Option(help="A tick's id; else the newest tick.")] = None,
    at: Annotated[
        str | None,
        typer.Option(help="The last tick by then: 12:04 is of today; or 2026-01-31T12:04Z."),
    ] = None,
    timezone: Annotated[
        str, typer.Option(help="What --at goes by where it says none, as Europe/London.")
    ] = "UTC",
    output: OutputFormat = Output.TEXT,
) -> int:
    """Say why a tick did what it did: what was seen, advised, combined, limited and launched.

    RECORD is a file that `autoscaler run --records FILE` writes.

    Example: autoscaler explain --queue thumbnails --at 12:04
    """
    if tick is not None and at is not None:
        raise ConfigurationError("--tick and --at both say which tick; give one of them")
    until = math.inf if at is None else moment_of("--at", at, time.time(), _zone(timezone))
    found = find(lines(record), Wanted(fleet, queue, tick, until))
    for note in found.notes():
        print(f"autoscaler: {record}: {note}", file=sys.stderr)
    records = _read(record, found)
    if not records:
        raise ConfigurationError(f"{record}: {found.missing()}")
    show([explained(one) for one in records], output)
    return 0


def _zone(name: str) -> tzinfo:
    try:
        return zone_of(name)
    except ValueError as error:
        raise ConfigurationError(f"--timezone: {error}") from error


def _read(source: str, found: Found) -> list[Record]:
    try:
        return found.records()
    except RecordUnreadableError as error:
        raise RecordUnreadableError(f"{source}: {error}") from error
