"""Where records go: a canonical log line each, a file of JSON lines, or several places."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import structlog

from autoscaler.core.ports import Records
from autoscaler.core.record import Record, to_json
from autoscaler.telemetry.summary import summary, worrying

_log = structlog.get_logger("autoscaler")


class Nowhere:
    """For a caller that uses what a tick returns."""

    def write(self, record: Record) -> None:
        """Let it go."""


class Everywhere:
    """Several places for records."""

    def __init__(self, places: Sequence[Records]) -> None:
        self._places = tuple(places)

    def write(self, record: Record) -> None:
        """Give the record to each."""
        for place in self._places:
            place.write(record)


class LogLines:
    """One line of log a tick and fleet, with everything worth a question later."""

    def write(self, record: Record) -> None:
        """Log the record; what went wrong or was refused is a warning."""
        log = _log.warning if worrying(record) else _log.info
        log(record.end.value, **summary(record))


class JsonLines:
    """One JSON object a line, appended to a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, record: Record) -> None:
        """Append the record; a full disk costs the record, never the tick."""
        line = json.dumps(to_json(record), separators=(",", ":"))
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            _log.error("record_lost", why=str(error), path=str(self._path))
