"""Writes a trace as it can be read again: CSV or JSON Lines, packed or not, as the name ends."""

from __future__ import annotations

import gzip
import json
import math
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from autoscaler.simulation.trace import MONDAY, Floats, Trace
from autoscaler.simulation.traces.errors import TraceError
from autoscaler.simulation.traces.table import About, Columns, Events, Table

ENDINGS = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz")
_AT_ONCE = 65_536  # rows

Writer = Callable[[Table], Iterator[str]]


def write_trace(trace: Trace, path: Path | str) -> None:
    """Write a trace as events, one row a message; raises TraceError."""
    about = About(trace.name, trace.seconds, trace.starts_at, trace.notes)
    work = {} if trace.work is None else {"work_s": trace.work}
    write_table(Events(about, {"arrival_s": trace.arrivals, **work}), path)


def write_table(table: Table, path: Path | str) -> None:
    """Write a table, all of it or nothing: a file that was there stays until the new one is whole.

    Raises:
        TraceError: the name ends in none of `ENDINGS`, or the file cannot be written.
    """
    path = Path(path)
    lines = _writer(path)(table)
    try:
        with _replaced(path) as stream:
            stream.writelines(text.encode() for text in lines)
    except OSError as error:
        raise TraceError(f"{path} cannot be written: {error.strerror}") from error


def check_name(path: Path) -> None:
    """Raise TraceError if a file of this name would tell no format."""
    _writer(path)


def _writer(path: Path) -> Writer:
    if path.name.removesuffix(".gz").endswith(".csv"):
        return _csv
    if path.name.removesuffix(".gz").endswith(".jsonl"):
        return _json
    raise TraceError(f"{path}: let the name end in one of {', '.join(ENDINGS)}")


@contextmanager
def _replaced(path: Path) -> Iterator[IO[bytes]]:
    """A packed file has no time in it: the same trace gives the same bytes."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with ExitStack() as stack:
            stream: IO[bytes] = stack.enter_context(new.open("wb"))
            if path.name.endswith(".gz"):
                stream = stack.enter_context(closing(_packed(stream)))
            yield stream
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _packed(plain: IO[bytes]) -> IO[bytes]:
    return cast(
        IO[bytes], gzip.GzipFile(filename="", fileobj=plain, mode="wb", compresslevel=6, mtime=0)
    )


def _csv(table: Table) -> Iterator[str]:
    head = _head(table)
    for key in ("starts_at", "seconds"):
        if key in head:
            yield f"# {key}: {head[key]!r}\n"
    yield from (f"# note: {' '.join(note.split())}\n" for note in head.get("notes", ()))
    names = _names(table)
    yield ",".join(names) + "\n"
    row = ",".join(["%s"] * len(names))
    for texts in _texts(table.columns, names):
        yield "".join(f"{row % values}\n" for values in texts)


def _json(table: Table) -> Iterator[str]:
    head, names = _head(table), _names(table)
    if not len(table.columns[table.kind.time]):
        head["columns"] = names
    if head:
        yield json.dumps(head) + "\n"
    row = ",".join(f'"{name}":%s' for name in names)
    for texts in _texts(table.columns, names, unknown="null"):
        yield "".join(f"{{{row % values}}}\n" for values in texts)


def _head(table: Table) -> dict[str, Any]:
    """What the rows do not tell."""
    about = table.about
    head: dict[str, Any] = {}
    if about.starts_at != MONDAY:
        head["starts_at"] = about.starts_at
    if about.seconds != _told_by_rows(table):
        head["seconds"] = about.seconds
    if about.notes:
        head["notes"] = list(about.notes)
    return head


def _told_by_rows(table: Table) -> float | None:
    times = table.columns[table.kind.time]
    if not len(times):
        return None
    if isinstance(table, Events):
        return float(math.floor(times[-1]) + 1)
    end: float = times[-1] + table.width
    return end


def _names(table: Table) -> list[str]:
    return [name for name in table.kind.columns if name in table.columns]


def _texts(
    columns: Columns, names: list[str], unknown: str = ""
) -> Iterator[Iterable[tuple[str, ...]]]:
    """The rows, some at a time, as texts."""
    for first in range(0, len(columns[names[0]]), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        yield zip(*(_shown(columns[name][some], unknown) for name in names), strict=True)


def _shown(values: Floats, unknown: str) -> Iterable[str]:
    """Each as short as it can be read back the same."""
    if np.isnan(values).any():
        return [unknown if math.isnan(value) else _short(value) for value in values.tolist()]
    if (values % 1 == 0).all():
        return map(repr, values.astype(np.int64).tolist())
    return map(repr, values.tolist())


def _short(value: float) -> str:
    return repr(int(value)) if value.is_integer() else repr(value)
