"""docs/configuration.md is the one that the schema gives, and no key is without a meaning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autoscaler.config.reference import main, page
from autoscaler.config.schema import schema

PAGE = Path(__file__).parents[3] / "docs" / "configuration.md"
COMMAND = "python -m autoscaler.config.reference > docs/configuration.md"


def keys() -> Iterator[tuple[str, str, dict[str, Any]]]:
    described = schema()
    for name, part in {"The file": described, **described["$defs"]}.items():
        for key, given in part.get("properties", {}).items():
            yield name, key, given


def test_the_page_has_not_drifted(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    assert capsys.readouterr().out == PAGE.read_text(encoding="utf-8"), f"run: {COMMAND}"


def test_every_key_has_a_meaning_of_its_own() -> None:
    silent = [f"{part}.{key}" for part, key, given in keys() if "description" not in given]
    assert [key for key in silent if not key.endswith(".type")] == []


def test_every_key_of_the_schema_has_its_row_in_its_part() -> None:
    parts = {part.partition("\n")[0]: part for part in page(schema()).split("\n## ")}
    assert [(part, key) for part, key, _ in keys() if f"\n| `{key}` |" not in parts[part]] == []


def test_types_are_told_in_words_and_parts_are_linked() -> None:
    rows = [line for line in page(schema()).splitlines() if line.startswith("| `")]
    assert "| `period` | duration | `120` | Seconds between ticks. |" in rows
    (steps,) = (row for row in rows if row.startswith("| `steps`"))
    assert "| list of [Step](#step) |" in steps
    assert [row for row in rows if row.count(" | ") != 3] == []
