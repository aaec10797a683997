"""Reads a trace's file into a table, or into what a simulation replays."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from autoscaler.simulation.trace import Floats, Trace
from autoscaler.simulation.traces.blocks import blocks
from autoscaler.simulation.traces.building import trace_of
from autoscaler.simulation.traces.checks import checked
from autoscaler.simulation.traces.csv_rows import csv_rows, read_header
from autoscaler.simulation.traces.errors import TraceError
from autoscaler.simulation.traces.gathering import MOST_ROWS, Gathered
from autoscaler.simulation.traces.head import HEAD, Head
from autoscaler.simulation.traces.json_rows import Forms, forms, json_rows, without_first
from autoscaler.simulation.traces.kinds import kind_of
from autoscaler.simulation.traces.records import is_record, rows_of_records
from autoscaler.simulation.traces.sieves import Everything, Sieve
from autoscaler.simulation.traces.table import (
    COUNTS,
    About,
    Columns,
    Counts,
    Events,
    Kind,
    Rows,
    Table,
)
from autoscaler.simulation.traces.work import Work

_EVERYTHING = Everything()


def read_trace(
    path: Path | str,
    *,
    seed: int = 0,
    work: Work | None = None,
    queue: str | None = None,
    sieve: Sieve = _EVERYTHING,
) -> Trace:
    """Read a trace to replay: events in order, no work above SQS's 12 h.

    Counts are spread evenly inside their bins. ``work`` says how long messages take; None: what
    the file tells, which is its column work_s, or what its deletions and messages in flight let
    one estimate, or nothing. ``queue`` is whose history to take from a file of records.

    Raises:
        TraceError: the file cannot be used; the text says where and what to do.
    """
    return trace_of(read_table(path, queue=queue, sieve=sieve), seed=seed, work=work)


def read_table(
    path: Path | str,
    *,
    queue: str | None = None,
    sieve: Sieve = _EVERYTHING,
    most: int = MOST_ROWS,
) -> Table:
    """Read what a file holds: CSV or JSON Lines, plain or gzip, or records of `autoscaler run`.

    The file is read block by block, and a sieve takes what it wants from each, so a part of a
    file of any length can be read.

    Raises:
        TraceError: the file cannot be used, or ``most`` rows are not enough.
    """
    path = Path(path)
    head, kind, found = _opened(path, queue)
    gathered, sift = Gathered(path, most), sieve.sift()
    width, last, ends = 60.0, 0.0, 0.0
    for number, rows in enumerate(checked(path, kind, found)):
        times = rows.columns[kind.time]
        width = width if number else _step(times)
        last, ends = float(times[-1]), _end(kind, times[-1], width)
        gathered.add(sift(rows.columns))
        if last >= sieve.until:
            break
    about = sieve.about(_about(path, head, last, ends))
    columns = gathered.columns(kind)
    return _table(kind, about, columns, width)


def _opened(path: Path, queue: str | None) -> tuple[Head, Kind, Iterator[Rows]]:
    found = blocks(path)
    first = next(found, None)
    if first is None:
        raise TraceError(f"{path} is empty; the first line of a trace should be a header")
    if not first.text.lstrip().startswith("{"):
        head, header, left = read_header(path, first)
        return head, header.kind, csv_rows(header, chain([left], found))
    return _opened_json(path, forms(path, chain([first], found)), queue)


def _opened_json(
    path: Path, found: Iterator[Forms], queue: str | None
) -> tuple[Head, Kind, Iterator[Rows]]:
    head = Head()
    some = next(found)
    line, first = some.lines[0], some.objects[0]
    found = chain([some], found)
    if is_record(first):
        head, rows = rows_of_records(path, found, queue)
        return head, COUNTS, iter([rows])
    names = list(first)
    if HEAD & first.keys() and not {"arrival_s", "t_s"} & first.keys():
        head.take_object(path, line, first)
        found = without_first(found)
        some = next(found, Forms((), ()))
        line, names = (some.lines[0], list(some.objects[0])) if some.lines else (line, head.columns)
        found = chain([some], found)
    kind = kind_of(path, line, names)
    return head, kind, json_rows(path, kind, found)


def _step(times: Floats) -> float:
    """The usual width of a bin; a minute where one bin is all there is."""
    return float(np.median(np.diff(times))) if len(times) > 1 else 60.0


def _end(kind: Kind, last: float, width: float) -> float:
    """Where a recording ends that does not say it: after its last bin, or the last second."""
    return float(last + width if kind is COUNTS else np.floor(last) + 1.0)


def _about(path: Path, head: Head, last: float, ends: float) -> About:
    if head.seconds is None and ends == 0.0:
        raise TraceError(f"{path} has a header and no rows; a trace needs one at least")
    seconds = ends if head.seconds is None else head.seconds
    if last > seconds:
        raise TraceError(f"{path} says that it is {seconds:g} s long, and has a row at {last:g} s")
    return About(_name(path), seconds, head.starts_at, tuple(head.notes))


def _name(path: Path) -> str:
    """The file's, without what tells its format."""
    name = path.name
    for ending in (".gz", ".csv", ".jsonl"):
        name = name.removesuffix(ending)
    return name


def _table(kind: Kind, about: About, columns: Columns, width: float) -> Table:
    if kind is COUNTS:
        return Counts(about, columns, width)
    return Events(about, columns)
