"""Metrics that tasks write into their logs, as CloudWatch Logs extracts them.

The format is CloudWatch's embedded metric format: a line that is a JSON object with an `_aws`
member naming which other members are metrics and dimensions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class EmbeddedMetric:
    """One metric of one line with one set of dimensions. `at` is seconds since the epoch."""

    namespace: str
    name: str
    unit: str
    values: tuple[float, ...]
    dimensions: tuple[tuple[str, str], ...]
    at: float


class LogFollower:
    """Reads what was appended to a directory's log files since the last look."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._read: dict[str, int] = {}

    def new_lines(self) -> Iterator[str]:
        """Yield the lines that were completed since the last call."""
        for path in sorted(self._directory.glob("*.log")):
            start = self._read.get(path.name, 0)
            if path.stat().st_size > start:
                yield from self._lines_from(path, start)

    def _lines_from(self, path: Path, start: int) -> Iterator[str]:
        with path.open("rb") as log:
            log.seek(start)
            complete, newline, _ = log.read().rpartition(b"\n")
        self._read[path.name] = start + len(complete) + len(newline)
        yield from complete.decode(errors="replace").splitlines()


def metrics_in(line: str) -> list[EmbeddedMetric]:
    """Return the metrics a log line carries: none for an ordinary line, or one that is malformed.

    CloudWatch Logs also drops malformed metrics without telling the task.
    """
    if '"_aws"' not in line:
        return []
    try:
        return list(_extract(json.loads(line)))
    except (AttributeError, KeyError, TypeError, ValueError):
        return []


def _extract(document: dict[str, Any]) -> Iterator[EmbeddedMetric]:
    at = float(document["_aws"]["Timestamp"]) / 1000
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for names in directive.get("Dimensions") or [[]]:
            dimensions = tuple((name, str(document[name])) for name in names)
            for metric in directive["Metrics"]:
                values = _numbers(document[metric["Name"]])
                unit = metric.get("Unit", "None")
                yield EmbeddedMetric(
                    directive["Namespace"], metric["Name"], unit, values, dimensions, at
                )


def _numbers(value: Any) -> tuple[float, ...]:
    return tuple(float(each) for each in (value if isinstance(value, list) else [value]))
