"""docs/simulation.md tells every knob of the world with the default that counts."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

from autoscaler.simulation.knobs import Knobs

PAGE = (Path(__file__).parents[3] / "docs/simulation.md").read_text()


def defaults(knobs: object, before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for field in fields(knobs):  # type: ignore[arg-type]
        value = getattr(knobs, field.name)
        if is_dataclass(value):
            found |= defaults(value, f"{field.name}.")
        else:
            found[before + field.name] = written(value)
    return found


def written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.10g}"
    return "none" if value == () else str(value)


def test_the_table_has_every_knob_with_its_default() -> None:
    rows = re.findall(r"^\| `([a-z_.]+)` \| ([^|]+) \|", PAGE, re.MULTILINE)
    assert dict(rows) == defaults(Knobs())
