"""What is wrong with a queue, the worst first: what the page sorts by. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autoscaler.core.model import Cause
from autoscaler.core.units import format_duration
from autoscaler.core.wallclock import shown, zone_of

BAD, WARN, NOTE = "bad", "warn", "note"
WEIGHT = {BAD: 100, WARN: 10, NOTE: 1}
"""One that is bad goes before any number of warnings there can be."""
NEAR = 0.8
"""Share of the promise from which a wait is near it."""

UTC = zone_of("UTC")

Row = Mapping[str, Any]
Trouble = dict[str, str]


def state_of_promise(row: Row) -> str:
    """How the oldest message stands: ``kept``, ``near``, ``broken``, ``idle``, ``unknown``.

    ``none``: nothing is promised.
    """
    age, promise = row["oldest_age"], row["promise"]
    if row["visible"] == 0:  # CloudWatch goes on showing the age of what is in hand, or is done
        return "idle"
    if promise is None:
        return "none"
    if age is None:
        return "unknown"
    if age > promise:
        return "broken"
    return "near" if age >= NEAR * promise else "kept"


def troubles(row: Row) -> list[Trouble]:
    """Each with how bad it is, what kind it is and a sentence."""
    found = [*_waits(row), *_holds(row), *_bounds(row), *_counts(row), *_elsewhere(row)]
    return sorted(found, key=lambda one: -WEIGHT[one["level"]])


def score(row: Row) -> int:
    """How troubled a queue is: 0, nothing is wrong."""
    return sum(WEIGHT[one["level"]] for one in row["troubles"])


def _trouble(level: str, kind: str, text: str) -> Trouble:
    return {"level": level, "kind": kind, "text": text}


def _waits(row: Row) -> Iterator[Trouble]:
    if row["promise_state"] not in ("broken", "near"):
        return
    age, promise = (format_duration(round(row[name])) for name in ("oldest_age", "promise"))
    if row["promise_state"] == "broken":
        yield _trouble(BAD, "late", f"The oldest message is {age} old, promised are {promise}.")
    else:
        yield _trouble(WARN, "near", f"The oldest message is {age} old, of {promise} promised.")


_LEVELS = {Cause.BREAKER: BAD, Cause.UNCONFIRMED: NOTE, Cause.GROUPS_FLAT: NOTE}


def _holds(row: Row) -> Iterator[Trouble]:
    if row["end"] in ("held", "failed"):
        why = " ".join(row["told"]) or "Something it needs is unknown."
        yield _trouble(BAD, row["end"], f"The last tick came to no decision. {why}")
    for hold in row["holds"]:
        yield _trouble(_LEVELS.get(hold["cause"], NOTE), hold["cause"], hold["text"])


def _bounds(row: Row) -> Iterator[Trouble]:
    for bound in row["bounds"]:
        yield _trouble(WARN, bound["cause"], bound["text"])


def _counts(row: Row) -> Iterator[Trouble]:
    if row["visible"] is None and row["seen_at"] is not None:
        yield _trouble(WARN, "unknown", row["unknown_why"] or "Its counts are unknown.")
    if row["dead_letters"]:
        several = "message is" if row["dead_letters"] == 1 else "messages are"
        yield _trouble(WARN, "dead_letters", f"{row['dead_letters']} {several} dead letters.")
    if row["refusals"]:
        yield _trouble(WARN, "refused", f"AWS launched less than asked: {row['refusals'][0]}")
    for why in row["policies_failed"]:
        yield _trouble(WARN, "policy_failed", why)


def _elsewhere(row: Row) -> Iterator[Trouble]:
    if row["elsewhere_at"] is not None:
        ours, theirs = (shown(row[name], UTC) for name in ("at", "elsewhere_at"))
        text = f"Another replica decided at {theirs}; what is told here is of {ours}."
        yield _trouble(NOTE, "elsewhere", text)
