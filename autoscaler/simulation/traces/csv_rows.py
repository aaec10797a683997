"""Rows of a CSV file: by numpy's own parser, and with care where that stumbles.

The careful way knows blanks, quotes and comments, and says what is wrong with which line. It takes
several times as long, and only for the blocks that need it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autoscaler.simulation.traces.blocks import Block
from autoscaler.simulation.traces.errors import TraceError, at_line
from autoscaler.simulation.traces.head import Head
from autoscaler.simulation.traces.kinds import kind_of
from autoscaler.simulation.traces.table import Kind, Rows


@dataclass(frozen=True, slots=True)
class Header:
    """Which of the file's columns are wanted, and how many there are in all."""

    path: Path
    kind: Kind
    wanted: tuple[tuple[str, int], ...]
    width: int


def read_header(path: Path, first: Block) -> tuple[Head, Header, Block]:
    """What stands before the rows, the header, and what is left of the first block.

    Raises:
        TraceError: there is no header, or none of a trace.
    """
    head = Head()
    lines = first.text.split("\n")
    for number, text in enumerate(lines, first.line):
        if text.startswith("#"):
            head.take_comment(path, number, text)
        elif text.strip():
            left = Block(number + 1, "\n".join(lines[number - first.line + 1 :]))
            return head, _header(path, number, text), left
    raise TraceError(f"{path} has no header; its first line should be like arrival_s,work_s")


def csv_rows(header: Header, blocks: Iterable[Block]) -> Iterator[Rows]:
    """The rows of all blocks; raises TraceError for the first line that is none."""
    for block in blocks:
        lines = block.text.removesuffix("\n").split("\n")
        if rows := _quick(header, block, lines) or _careful(header, block, lines):
            yield rows


def _header(path: Path, line: int, text: str) -> Header:
    names = [name.strip() for name in next(csv.reader([text]))]
    kind = kind_of(path, line, names)
    wanted = tuple((name, names.index(name)) for name in kind.columns if name in names)
    for name, _ in wanted:
        if names.count(name) > 1:
            raise at_line(path, line, f"there are two columns {name}; leave one")
    return Header(path, kind, wanted, len(names))


def _quick(header: Header, block: Block, lines: Sequence[str]) -> Rows | None:
    """None: it is not that simple."""
    if block.text.count(",") != len(lines) * (header.width - 1) or '"' in block.text:
        return None
    columns = [index for _, index in header.wanted]
    try:
        values = np.loadtxt(lines, delimiter=",", comments=None, usecols=columns, ndmin=2)
    except (ValueError, UserWarning):  # tests make numpy's warning of no rows at all an error
        return None
    if len(values) != len(lines):  # it skips lines that are blank
        return None
    found = {name: values[:, place].copy() for place, (name, _) in enumerate(header.wanted)}
    return Rows(range(block.line, block.line + len(lines)), found)


def _careful(header: Header, block: Block, lines: Sequence[str]) -> Rows | None:
    numbers: list[int] = []
    columns: dict[str, list[float]] = {name: [] for name, _ in header.wanted}
    for number, cells in _cells(header.path, block, lines):
        if len(cells) != header.width:
            wrong = f"it has {len(cells)} columns and the header has {header.width}"
            raise at_line(header.path, number, wrong)
        numbers.append(number)
        for name, index in header.wanted:
            columns[name].append(_number(header.path, number, name, cells[index]))
    if not numbers:
        return None
    return Rows(numbers, {name: np.array(values) for name, values in columns.items()})


def _cells(path: Path, block: Block, lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines)
    try:
        for cells in reader:
            if "".join(cells).strip() and not cells[0].startswith("#"):
                yield block.line + reader.line_num - 1, cells
    except csv.Error as error:
        raise at_line(path, block.line + reader.line_num - 1, f"{error}") from error


def _number(path: Path, line: int, name: str, cell: str) -> float:
    """Not a number for a blank."""
    if not cell.strip():
        return float("nan")
    try:
        return float(cell)
    except ValueError as error:
        raise at_line(path, line, f"{name} is {cell.strip()!r}, which is no number") from error
