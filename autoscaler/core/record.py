"""Everything about one tick of one fleet: enough to decide it again and get the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from autoscaler.core.actions import Intent, Outcome, Setting
from autoscaler.core.altered import altered
from autoscaler.core.codec import decode, encode
from autoscaler.core.errors import RecordUnreadableError
from autoscaler.core.instance_groups import Tending
from autoscaler.core.model import Decision, Observation, Reason
from autoscaler.core.suspension import Saved, Suspending

VERSION = 1
"""Of the record's JSON form. A reader refuses what is newer than itself."""


class End(StrEnum):
    """How a tick ended; the ``outcome`` label of the tick counter."""

    DECIDED = "decided"
    HELD = "held"  # something needed was unknown
    DONE_BEFORE = "done_before"  # this tick id was decided already, by us or by another replica
    STALE = "stale"  # a later tick id was decided already
    FAILED = "failed"  # an error nobody foresaw; other fleets go on


@dataclass(frozen=True)
class Record:
    """One tick of one fleet."""

    installation: str
    fleet: str
    tick: int
    at: float
    end: End
    observation: Observation | None = None
    decision: Decision | None = None
    reasons: tuple[Reason, ...] = ()
    """Why less was done than decided."""
    intents: tuple[Intent, ...] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    setting: Setting | None = None
    """The desired count that was to be set."""
    suspending: Suspending | None = None
    """What of Application Auto Scaling was to be suspended or resumed."""
    answer: Outcome | None = None
    """What AWS said to either; None: it was not asked."""
    tending: Tending | None = None
    """What was done about the EC2 instances that tasks run on; None: there are none of ours."""
    notes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What the policies had kept from earlier ticks."""
    troubles: tuple[str, ...] = ()
    """What went wrong, in sentences."""
    seconds: float = 0.0

    @property
    def launched(self) -> int:
        """Tasks AWS accepted."""
        return sum(len(outcome.tasks) for outcome in self.outcomes.values())

    @property
    def saved(self) -> Saved | None:
        """What a service was to be told."""
        return self.suspending or self.setting

    def after(self, saved: Saved, answer: Outcome) -> Record:
        """With what AWS said to what a service was told."""
        if isinstance(saved, Suspending):
            return altered(self, suspending=saved, answer=answer)
        return altered(self, setting=saved, answer=answer)

    @property
    def answers(self) -> tuple[Outcome, ...]:
        """Everything AWS said to what was to be done."""
        return (*self.outcomes.values(), *([self.answer] if self.answer else ()))


def desired(record: Record) -> int | None:
    """Tasks that the fleet's service keeps after this tick; None: unknown, or it is none."""
    seen = record.observation.service if record.observation else None
    if seen and record.setting and record.answer == Outcome():
        return record.setting.action.count
    return seen.desired if seen else None


def to_json(record: Record) -> dict[str, Any]:
    """The JSON form, with its version."""
    return {"version": VERSION, **encode(record)}


def from_json(form: object) -> Record:
    """Read the JSON form back.

    Raises:
        RecordUnreadableError: it is damaged or no record, or a newer version wrote it.
    """
    version = form.get("version") if isinstance(form, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise RecordUnreadableError(
            f"this record has version {version} and this program reads up to {VERSION}; "
            "read it with the newer version"
        )
    if version != VERSION or not isinstance(form, dict):
        raise RecordUnreadableError(f"this is no record: no version {VERSION} in it")
    try:
        return decode(Record, {name: value for name, value in form.items() if name != "version"})
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise RecordUnreadableError(
            f"this record is damaged, or of another version of this program: {error}"
        ) from error
