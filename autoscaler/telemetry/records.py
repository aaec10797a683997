"""Where records go: a canonical log line each, a file of JSON lines, or several places."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog

from autoscaler.core.model import Cause, Reason
from autoscaler.core.ports import Records
from autoscaler.core.record import End, Record, to_json

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
        line = summary(record)
        broken = any(reason.cause is Cause.BREAKER for reason in _said(record))
        worrying = broken or record.end is End.FAILED or record.troubles or line.get("failures")
        log = _log.warning if worrying else _log.info
        log(record.end.value, **line)


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


def summary(record: Record) -> dict[str, Any]:
    """The record in a few words: what a log line or a terminal shows."""
    decision = record.decision
    failures = [
        failure.reason for outcome in record.outcomes.values() for failure in outcome.failures
    ]
    unsure = [outcome.unsure for outcome in record.outcomes.values() if outcome.unsure]
    line: dict[str, Any] = {
        "fleet": record.fleet,
        "tick": record.tick,
        "live": decision.live if decision else None,
        "target": decision.target if decision else None,
        "launched": record.launched,
        "seconds": round(record.seconds, 3),
        "reasons": [reason.text for reason in (*_said(record), *record.reasons)],
    }
    if failures or unsure:
        line["failures"] = failures + unsure
    if record.troubles:
        line["troubles"] = list(record.troubles)
    return line


def _said(record: Record) -> tuple[Reason, ...]:
    return record.decision.reasons if record.decision else ()
