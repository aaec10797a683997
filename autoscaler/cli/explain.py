"""`autoscaler explain`: why a past tick did what it did, from its record."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, TextIO

import typer

from autoscaler.cli.explaining import show
from autoscaler.cli.options import Output, OutputFormat
from autoscaler.core.errors import ConfigurationError, RecordUnreadableError
from autoscaler.core.record import Record
from autoscaler.telemetry.explanation import explain as explained
from autoscaler.telemetry.reading import Found, find


def explain(
    record: Annotated[
        str, typer.Argument(help="File of records, one a line; - for standard input.")
    ],
    fleet: Annotated[str | None, typer.Option(help="Only this fleet.")] = None,
    tick: Annotated[int | None, typer.Option(help="A tick's id; else the newest tick.")] = None,
    output: OutputFormat = Output.TEXT,
) -> int:
    """Say why a tick did what it did: what was seen, advised, combined, limited and launched.

    RECORD is a file that `autoscaler run --records FILE` writes.

    Example: autoscaler explain records.jsonl --fleet thumbnailers
    """
    found = _find(record, fleet, tick)
    for note in found.notes():
        print(f"autoscaler: {record}: {note}", file=sys.stderr)
    records = _read(record, found)
    if not records:
        raise ConfigurationError(f"{record}: {found.missing(fleet, tick)}")
    show([explained(one) for one in records], output)
    return 0


def _find(source: str, fleet: str | None, tick: int | None) -> Found:
    try:
        with _opened(source) as lines:
            return find(lines, fleet, tick)
    except OSError as error:
        raise ConfigurationError(f"{source} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{source} is not text, and so no file of records") from error


def _opened(source: str) -> AbstractContextManager[TextIO]:
    return nullcontext(sys.stdin) if source == "-" else Path(source).open(encoding="utf-8")


def _read(source: str, found: Found) -> list[Record]:
    try:
        return found.records()
    except RecordUnreadableError as error:
        raise RecordUnreadableError(f"{source}: {error}") from error
