"""A record in a few words: what a log line or a terminal shows. Pure."""

from __future__ import annotations

from typing import Any

from autoscaler.core.model import Cause, Reason
from autoscaler.core.record import End, Record


def summary(record: Record) -> dict[str, Any]:
    """What was decided, what came of it and why, with everything worth a question later."""
    decision = record.decision
    failures = [failure.reason for outcome in record.answers for failure in outcome.failures]
    unsure = [outcome.unsure for outcome in record.answers if outcome.unsure]
    line: dict[str, Any] = {
        "fleet": record.fleet,
        "tick": record.tick,
        "live": decision.live if decision else None,
        "target": decision.target if decision else None,
        "launched": record.launched,
        "seconds": round(record.seconds, 3),
        "reasons": [reason.text for reason in (*_said(record), *record.reasons)],
    }
    if record.setting:
        line["desired"] = record.setting.action.count
    if failures or unsure:
        line["failures"] = failures + unsure
    if record.troubles:
        line["troubles"] = list(record.troubles)
    return line


def worrying(record: Record) -> bool:
    """Whether something went wrong or was refused, so that the line is a warning."""
    broken = any(reason.cause is Cause.BREAKER for reason in _said(record))
    refused = any(each.failures or each.unsure for each in record.answers)
    return broken or refused or record.end is End.FAILED or bool(record.troubles)


def _said(record: Record) -> tuple[Reason, ...]:
    return record.decision.reasons if record.decision else ()
