"""One queue as the page shows it: a view of its fleet's newest records. Pure.

Every key is always there; null is what nobody knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autoscaler.core.model import Cause, Decision, Observation, Reading, Reason
from autoscaler.core.record import Record
from autoscaler.core.tasks import Fleet
from autoscaler.runtime.page.configured import Configured
from autoscaler.runtime.page.today import Today
from autoscaler.runtime.page.troubles import score, state_of_promise, troubles
from autoscaler.telemetry.explanation import refusals_of

BOUNDS = (Cause.NEW_TASKS, Cause.MAX_TASKS)
"""Steps that made a decision smaller than what was wanted, and that people set themselves."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a queue's fleet."""

    newest: Record | None = None
    seen: Record | None = None
    """The newest in which something was observed."""
    today: Today | None = None
    asked: Mapping[str, Any] | None = None
    """What somebody asked for on this page since the newest record."""
    elsewhere: float | None = None
    """When another replica decided a tick after the newest one here."""


def row(queue: Configured, known: Known, now: float) -> dict[str, Any]:
    """The queue's row.

    Args:
        queue: what is configured.
        known: its fleet's newest records.
        now: seconds since the epoch, for windows that open and close.
    """
    seen = known.seen.observation if known.seen else None
    told = {
        "queue": queue.queue,
        "fleet": queue.fleet,
        "promise": queue.promise,
        "max_tasks": queue.max_tasks,
        **_counts(seen.readings.get(queue.queue) if seen else None),
        **_tasks(seen.fleet if seen else None),
        **decided(known.newest, queue.queue),
        "holds": [*_holds(queue.queue, seen)],
        "spent_today": _spent_today(known.today),
        "budgets": [*_budgets(queue, known.seen)],
        "windows": [*_windows(queue, now)],
        "asked": dict(known.asked) if known.asked else None,
        "elsewhere_at": known.elsewhere,
    }
    told["promise_state"] = state_of_promise(told)
    told["troubles"] = troubles(told)
    told["score"] = score(told)
    return told


def _counts(reading: Reading | None) -> dict[str, Any]:
    minute = reading.minutes[-1] if reading and reading.minutes else None
    known = reading or Reading("", 0.0)
    return {
        "seen_at": reading.at if reading else None,
        "visible": known.visible,
        "in_flight": known.in_flight,
        "delayed": known.delayed,
        "dead_letters": known.dead_letters,
        "oldest_age": known.oldest_age,
        "oldest_age_at": minute.ends_at if minute else None,
        "sent": minute.sent if minute else None,
        "deleted": minute.deleted if minute else None,
        "unknown_why": known.trouble,
    }


def _tasks(fleet: Fleet | None) -> dict[str, Any]:
    if fleet is None:
        return {"live": None, "running": None, "starting": None, "unseen": None, "tasks": None}
    counted = Counter(
        (task.provider.value if task.provider else "unknown", task.state.value)
        for task in fleet.tasks
    )
    tasks = [
        {"provider": provider, "state": state, "count": count}
        for (provider, state), count in sorted(counted.items())
    ]
    return {
        "live": fleet.live,
        "running": fleet.running,
        "starting": fleet.starting,
        "unseen": fleet.unseen,
        "tasks": tasks,
    }


def decided(record: Record | None, queue: str) -> dict[str, Any]:
    """How a tick ended, as far as it concerns this queue, with every reason."""
    decision = record.decision if record else None
    said = [*_said(decision, queue)]
    return {
        "tick": record.tick if record else None,
        "at": record.at if record else None,
        "end": record.end.value if record else None,
        "target": decision.target if decision else None,
        "launched": record.launched if record else None,
        "reasons": [one.text for one in (*said, *(record.reasons if record else ()))],
        "told": [*record.troubles] if record else [],
        "bounds": [
            {"cause": one.cause.value, "text": one.text} for one in said if one.cause in BOUNDS
        ],
        "refusals": [*dict.fromkeys(refusals_of(record))] if record else [],
        "policies_failed": [one.text for one in said if one.cause is Cause.POLICY_FAILED],
    }


def _said(decision: Decision | None, queue: str) -> Iterator[Reason]:
    """What was said of this queue, or of the whole fleet."""
    for reason in decision.reasons if decision else ():
        if reason.queue in (None, queue):
            yield reason


def _holds(queue: str, seen: Observation | None) -> Iterator[dict[str, Any]]:
    for one in seen.restraints if seen else ():
        if one.queue in (None, queue):
            yield {"cause": one.cause.value, "text": one.text, "until": one.until}


def _spent_today(today: Today | None) -> dict[str, float] | None:
    return {"dollars": round(today.dollars, 6), "since": today.since} if today else None


def _budgets(queue: Configured, seen: Record | None) -> Iterator[dict[str, Any]]:
    money = seen.observation.money if seen and seen.observation else None
    heard = seen.decision.heard if seen and seen.decision else ()
    notes = {f"{one.queue}/{one.policy}": one.advice.notes or {} for one in heard}
    for name, budget in queue.budgets.items():
        base = notes.get(name, {}).get("spent")
        spent = money.spent - base if money and base is not None else None
        yield {
            "policy": name,
            "dollars": budget.dollars,
            "per": budget.per,
            "spent": None if spent is None else round(spent, 6),
        }


def _windows(queue: Configured, now: float) -> Iterator[dict[str, Any]]:
    for name, window in queue.windows.items():
        is_open, changes_at = window.state(now)
        yield {"policy": name, "open": is_open, "changes_at": changes_at}
