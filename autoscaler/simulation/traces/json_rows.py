"""Rows of a JSON Lines file: one object a line, with the names of CSV's columns as its keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from autoscaler.simulation.trace import Floats
from autoscaler.simulation.traces.blocks import Block
from autoscaler.simulation.traces.errors import at_line
from autoscaler.simulation.traces.table import COUNTS, Kind, Rows

Form = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Forms:
    """The objects of some lines."""

    lines: Sequence[int]
    objects: Sequence[Form]


def forms(path: Path, blocks: Iterable[Block]) -> Iterator[Forms]:
    """The object on each line that is not blank; raises TraceError for what is none."""
    for block in blocks:
        lines = block.text.removesuffix("\n").split("\n")
        found = _quick(block.line, lines) or _careful(path, block.line, lines)
        if found.lines:
            yield found


def without_first(found: Iterator[Forms]) -> Iterator[Forms]:
    """All but the first object."""
    first = next(found)
    left = Forms(first.lines[1:], first.objects[1:])
    return chain([left], found) if left.lines else found


def json_rows(path: Path, kind: Kind, found: Iterable[Forms]) -> Iterator[Rows]:
    """The rows; the first tells which columns events have."""
    names: list[str] = []
    for some in found:
        if not some.lines:
            continue
        names = names or [
            name for name in kind.columns if kind is COUNTS or name in some.objects[0]
        ]
        yield Rows(some.lines, {name: _column(path, some, name) for name in names})


def _quick(line: int, lines: Sequence[str]) -> Forms | None:
    """All lines as one array, which takes a fifth of the time; None: it is not that simple."""
    try:
        objects = json.loads(f"[{','.join(lines)}]")
    except (ValueError, RecursionError):
        return None
    plain = len(objects) == len(lines) and all(type(each) is dict for each in objects)
    return Forms(range(line, line + len(lines)), objects) if plain else None


def _careful(path: Path, first: int, lines: Sequence[str]) -> Forms:
    """Line by line: some may be blank, and one is perhaps wrong."""
    there = [(line, text) for line, text in enumerate(lines, first) if text.strip()]
    return Forms([line for line, _ in there], [_object(path, *each) for each in there])


def _object(path: Path, line: int, text: str) -> Form:
    try:
        form = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise at_line(path, line, f"it is no JSON ({error})") from error
    if not isinstance(form, dict):
        raise at_line(path, line, "it is no JSON object; write one on each line")
    return form


def _column(path: Path, some: Forms, name: str) -> Floats:
    values = [form.get(name) for form in some.objects]
    if set(map(type, values)) <= {float, int}:
        with suppress(OverflowError):
            return np.array(values, dtype=np.float64)
    each = zip(some.lines, values, strict=True)
    return np.array([_number(path, line, name, value) for line, value in each])


def _number(path: Path, line: int, name: str, value: object) -> float:
    """Not a number for what is not there."""
    if value is None:
        return float("nan")
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e300:
        raise at_line(path, line, f"{name} is {value!r:.40}, which is no number")
    return float(value)
