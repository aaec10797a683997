"""What of a tick people are told: a condition that holds, or that does not. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from autoscaler.core.model import Cause, Decision, Observation, Reading
from autoscaler.core.record import End, Record
from autoscaler.core.units import format_duration


class Kind(StrEnum):
    """Of what people are told."""

    PROMISE_BROKEN = "promise_broken"
    BREAKER_OPEN = "breaker_open"
    BUDGET_BINDING = "budget_binding"
    HELD_TOO_LONG = "held_too_long"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a condition is of: there is one notice of each at a time."""

    kind: Kind
    fleet: str
    queue: str | None = None

    @property
    def key(self) -> str:
        """As it is kept under."""
        return "/".join(filter(None, (self.fleet, self.queue, self.kind.value)))


Looks = Mapping[Subject, str | None]
"""The sentence where a condition holds, None where it does not; absent: nobody knows."""


def conditions(record: Record, promises: Mapping[str, float]) -> dict[Subject, str | None]:
    """What one tick tells of its fleet; of a tick that others decided, nothing.

    Args:
        record: of the tick.
        promises: the longest wait by queue, in seconds, where one is promised.
    """
    if record.end in (End.DONE_BEFORE, End.STALE):
        return {}
    found = {Subject(Kind.HELD_TOO_LONG, record.fleet): _held(record)}
    seen, decision = record.observation, record.decision
    if seen is not None and decision is not None:
        found[Subject(Kind.BREAKER_OPEN, record.fleet)] = _breaker(seen)
        if decision.target is not None:
            found[Subject(Kind.BUDGET_BINDING, record.fleet)] = _budget(decision)
        found |= dict(_promises(record.fleet, seen, promises))
    return found


def _held(record: Record) -> str | None:
    decision = record.decision
    if decision is not None and decision.target is not None:
        return None
    said = (decision.reasons[-1].text,) if decision and decision.reasons else ()
    return " ".join((f"Fleet {record.fleet} is held.", *said, *record.troubles[:1]))


def _breaker(seen: Observation) -> str | None:
    return next((one.text for one in seen.restraints if one.cause is Cause.BREAKER), None)


def _budget(decision: Decision) -> str | None:
    """A policy that lets so many new tasks through, for the fleet, and cut what others want."""
    cut = [one for one in decision.reasons if one.cause is Cause.NEW_TASKS and one.queue is None]
    if not cut:
        return None
    why = [one.advice.why for one in decision.heard if one.advice.new_tasks is not None]
    return " ".join((cut[0].text, *why[:1]))


def _promises(
    fleet: str, seen: Observation, promises: Mapping[str, float]
) -> Iterator[tuple[Subject, str | None]]:
    for name, reading in seen.readings.items():
        promise = promises.get(name)
        if promise is not None and reading.visible is not None:
            subject = Subject(Kind.PROMISE_BROKEN, fleet, name)
            if reading.visible == 0:
                yield subject, None
            elif reading.oldest_age is not None:
                yield subject, _late(name, reading, reading.oldest_age, promise)


def _late(name: str, reading: Reading, age: float, promise: float) -> str | None:
    if age <= promise:
        return None
    return (
        f"The oldest message of {name} has waited {format_duration(age)}, and "
        f"{format_duration(promise)} are promised; {reading.visible} wait."
    )
