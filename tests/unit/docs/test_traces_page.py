"""The page on traces names every shape, every work and each of their options, with its default."""

from __future__ import annotations

import re
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

import pytest

from autoscaler.core.units import parse_duration
from autoscaler.simulation.traces.shapes import SHAPES
from autoscaler.simulation.traces.table import COUNTS, EVENTS
from autoscaler.simulation.traces.work import WORKS

PAGE = (Path(__file__).parents[3] / "docs" / "traces.md").read_text(encoding="utf-8")


def row(name: str) -> str:
    """The table's row that begins with this name."""
    found = re.search(rf"^\| `{name}[`:].*$", PAGE, flags=re.MULTILINE)
    assert found, f"{name} has no row"
    return found[0]


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_told_with_its_options_and_defaults(name: str) -> None:
    kind: Any = SHAPES[name]
    told = dict(re.findall(r"`(\w+)=([^`]+)`", row(name)))

    assert {key: parse_duration(value) for key, value in told.items()} == {
        field.name: field.default for field in fields(kind)
    }


@pytest.mark.parametrize("name", sorted(WORKS.keys() - {"recorded", "constant"}))
def test_a_work_is_told_with_its_options(name: str) -> None:
    kind: Any = WORKS[name]

    assert [field.name for field in fields(kind) if not _told(field, name)] == []


def _told(field: Field[Any], name: str) -> bool:
    """Or it is the same as in the row before, with its default there."""
    return f"{field.name}=" in row(name) or field.default is not MISSING


def test_every_column_is_told() -> None:
    for kind in (EVENTS, COUNTS):
        assert [name for name in kind.columns if f"`{name}`" not in PAGE] == []
