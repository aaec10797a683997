"""Lines of JSON on standard output, which Lambda's log group keeps; no library is imported for it.

What the lines are: a summary of each tick, its metrics and, unless it goes elsewhere, its record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from autoscaler.core.record import Record, to_json
from autoscaler.telemetry.emf import Figure, lines, told
from autoscaler.telemetry.summary import summary, worrying


def say(event: str, level: str = "info", **told: object) -> None:
    """Log one line, with the keys that the service's lines have."""
    at = datetime.now(UTC).isoformat()
    _print({**told, "event": event, "level": level, "timestamp": at})


def tell(records: Iterable[Record], *, metrics: str = "all") -> None:
    """Log a summary of each record and its metrics: ``all``, or those that ``alarms`` watch."""
    for record in records:
        level = "warning" if worrying(record) else "info"
        say(record.end.value, level, **summary(record))
        for line in lines(record, alarms_only=metrics == "alarms"):
            _print(line)


def count(figures: Iterable[Figure], installation: str, at: float) -> None:
    """Log figures as metrics of that second."""
    for line in told(figures, installation, at):
        _print(line)


def keep(records: Iterable[Record]) -> None:
    """Log the records whole."""
    for record in records:
        _print(to_json(record))


def as_lines(records: Iterable[Record]) -> str:
    """The records whole, one JSON object a line, as `autoscaler explain` reads them."""
    return "".join(_text(to_json(record)) + "\n" for record in records)


def _print(line: Mapping[str, Any]) -> None:
    print(_text(line), flush=True)  # noqa: T201 - standard output is where Lambda reads


def _text(line: Mapping[str, Any]) -> str:
    return json.dumps(line, separators=(",", ":"))
