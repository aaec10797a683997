"""The chart's schema of values holds that of the configuration, word for word.

A packaged chart cannot refer to a file outside, so it carries a copy:
``PYTHONPATH=tests python -m support.chart_schema`` writes it anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CHART = ROOT / "helm" / "queue-autoscaler"
PUBLISHED = ROOT / "schema" / "autoscaler.schema.json"
VALUES = CHART / "values.schema.json"

OF_THE_DOCUMENT = ("$schema", "$defs")


def embedded() -> str:
    """The chart's schema as it must be: its own part as it is, definitions as published."""
    published, chart = _read(PUBLISHED), _read(VALUES)
    settings = {key: part for key, part in published.items() if key not in OF_THE_DOCUMENT}
    definitions = {"Settings": settings, **published["$defs"]}
    assert len(definitions) == len(published["$defs"]) + 1
    return json.dumps({**chart, "$defs": definitions}, indent=2) + "\n"


def _read(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


if __name__ == "__main__":
    VALUES.write_text(embedded(), encoding="utf-8")
