"""One recorded tick decided once more, by the very code that decided it then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autoscaler.core.altered import altered
from autoscaler.core.codec import encode
from autoscaler.core.decide import Notes, decide
from autoscaler.core.model import Decision, Observation, Reading
from autoscaler.core.record import Record
from autoscaler.core.rules import FleetRules


@dataclass(frozen=True, slots=True)
class Again:
    """A decision as it was taken, and as these rules take it."""

    record: Record
    then: Decision
    now: Decision

    @property
    def same(self) -> bool:
        """Whether both agree in every part, reasons included."""
        return self.then == self.now or encode(self.then) == encode(self.now)

    @property
    def resized(self) -> bool:
        """Whether they want another number of tasks."""
        return self.then.target != self.now.target


def decide_again(
    record: Record, rules: FleetRules, notes: Mapping[str, Mapping[str, Any]] | None = None
) -> Again | None:
    """Decide a recorded tick with these rules. Pure.

    Args:
        record: of the tick; None is the answer where it decided nothing.
        rules: of its fleet. A queue that the record does not know is unknown to them.
        notes: what policies that were not asked then have kept from earlier ticks of this replay.
    """
    seen, then = record.observation, record.decision
    if seen is None or then is None:
        return None
    return Again(
        record, then, decide(_as_seen_by(seen, rules), rules, {**(notes or {}), **record.notes})
    )


def _as_seen_by(seen: Observation, rules: FleetRules) -> Observation:
    """The observation with a reading for each of the rules' queues, and for no other."""
    if seen.readings.keys() == rules.queue_names:
        return seen
    trouble = "the record knows no such queue"
    readings = {
        queue.name: seen.readings.get(queue.name, Reading(queue.name, seen.now, trouble=trouble))
        for queue in rules.queues
    }
    return altered(seen, readings=readings)


@dataclass(slots=True)
class Carried:
    """Notes of policies that the recorded controller did not ask, for each fleet.

    A policy that was asked then is given what the record says it had kept; a new one keeps its own
    from tick to tick, as it would have.
    """

    notes: dict[str, dict[str, Mapping[str, Any]]] = field(default_factory=dict)

    def of(self, fleet: str) -> Notes:
        """What they have kept so far."""
        return self.notes.get(fleet, {})

    def keep(self, again: Again) -> None:
        """Take what the new policies want to keep from this tick."""
        asked = {(one.queue, one.policy) for one in again.then.heard}
        kept = self.notes.setdefault(again.record.fleet, {})
        for one in again.now.heard:
            if (one.queue, one.policy) not in asked and one.advice.notes is not None:
                kept[f"{one.queue}/{one.policy}"] = one.advice.notes
