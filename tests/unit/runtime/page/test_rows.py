"""One queue as the page shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from support import pages, values
from support.pages import NOW, PROMISE

from autoscaler.core.actions import Failure, Outcome
from autoscaler.core.cost import Tariff
from autoscaler.core.model import Advice, Cause, Decision, Heard, Reason, Restraint
from autoscaler.core.record import End, Record
from autoscaler.core.spending import Money
from autoscaler.core.tasks import Fleet, Provider, TaskState
from autoscaler.runtime.page.configured import Configured, configured
from autoscaler.runtime.page.rows import Known, row
from policies.budget import Budget
from policies.cost_window import CostWindow

QUEUE = configured(pages.settings("jobs"))["jobs"]


def shown(record: Record | None, queue: Configured = QUEUE, **known: Any) -> dict[str, Any]:
    return row(queue, Known(newest=record, seen=record, **known), NOW)


def kinds(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["level"], one["kind"]) for one in told["troubles"]]


def test_before_the_first_tick_everything_is_unknown_and_nothing_is_zero() -> None:
    told = shown(None)

    for name in (
        "visible", "in_flight", "delayed", "dead_letters", "oldest_age", "live", "target", "tasks",
        "seen_at", "end", "launched", "spent_today",
    ):  # fmt: skip
        assert told[name] is None, name
    assert told["promise_state"] == "unknown"
    assert (told["troubles"], told["score"]) == ([], 0)


def test_counts_tasks_and_the_decision_are_those_of_the_record() -> None:
    tasks = Fleet(
        (
            values.task("a", provider=Provider.FARGATE_SPOT),
            values.task("b", provider=Provider.FARGATE_SPOT),
            values.task("c", TaskState.STARTING, provider=None),
        ),
        unseen=1,
    )
    reading = pages.reading("jobs", 7, 12.0, in_flight=2, delayed=1, dead_letters=0)

    told = shown(pages.record(reading, tasks=tasks, live=4))

    counts = [told[name] for name in ("visible", "in_flight", "delayed", "dead_letters")]
    assert counts == [7, 2, 1, 0]
    assert (told["oldest_age"], told["oldest_age_at"]) == (12.0, NOW - 30)
    assert (told["live"], told["running"], told["starting"], told["unseen"]) == (4, 2, 2, 1)
    assert told["tasks"] == [
        {"provider": "FARGATE_SPOT", "state": "running", "count": 2},
        {"provider": "unknown", "state": "starting", "count": 1},
    ]
    assert (told["target"], told["end"], told["reasons"]) == (4, "decided", ["So many are wanted."])


@pytest.mark.parametrize(
    ("visible", "age", "state"),
    [
        (5, PROMISE + 1, "broken"),
        (5, PROMISE, "near"),
        (5, 0.8 * PROMISE, "near"),
        (5, 0.8 * PROMISE - 1, "kept"),
        (5, None, "unknown"),
        (None, PROMISE + 1, "broken"),
        (0, PROMISE + 1, "idle"),
    ],
)
def test_the_oldest_message_is_held_against_the_promise(
    visible: int | None, age: float | None, state: str
) -> None:
    told = shown(pages.record(pages.reading("jobs", visible, age)))

    assert told["promise_state"] == state
    late = {"broken": ("bad", "late"), "near": ("warn", "near")}.get(state)
    assert (late in kinds(told)) is (late is not None)


def test_a_queue_without_a_promise_is_never_late() -> None:
    record = pages.record(pages.reading("jobs", 5, 1e6))

    told = shown(record, replace(QUEUE, promise=None))

    assert (told["promise_state"], told["score"]) == ("none", 0)


def test_one_bad_trouble_goes_before_every_warning_there_can_be() -> None:
    late = pages.record(pages.reading("jobs", 5, PROMISE + 1))
    outcome = Outcome((), (Failure("Capacity is unavailable"),))
    reasons = (
        Reason(Cause.MAX_TASKS, "Cut to 3 by max_tasks."),
        Reason(Cause.NEW_TASKS, "budget lets 0 new tasks through.", "jobs"),
        Reason(Cause.POLICY_FAILED, "p is left out.", "jobs", "p"),
    )
    warned = pages.record(
        pages.reading("jobs", None, dead_letters=1),
        decision=Decision(3, 3, reasons),
        outcomes={"token": outcome},
        restraints=(Restraint(Cause.PAUSED, "Queue jobs is paused.", queue="jobs"),),
    )

    assert shown(late)["score"] > shown(warned)["score"] > 0
    assert kinds(shown(warned)) == [
        ("warn", "max_tasks"), ("warn", "new_tasks"), ("warn", "unknown"),
        ("warn", "dead_letters"), ("warn", "refused"), ("warn", "policy_failed"),
        ("note", "paused"),
    ]  # fmt: skip


def test_what_holds_the_fleet_or_this_queue_is_told_and_not_what_holds_another() -> None:
    restraints = (
        Restraint(Cause.BREAKER, "Three tasks died.", until=NOW + 60),
        Restraint(Cause.PAUSED, "Queue other is paused.", queue="other"),
    )

    told = shown(pages.record(pages.reading("jobs"), restraints=restraints))

    assert told["holds"] == [{"cause": "breaker", "text": "Three tasks died.", "until": NOW + 60}]
    assert kinds(told) == [("bad", "breaker")]


def test_a_tick_that_held_is_bad_and_says_why() -> None:
    held = pages.record(
        pages.reading("jobs"), end=End.HELD, decision=None, troubles=("ListTasks was refused.",)
    )

    told = shown(held)

    assert kinds(told) == [("bad", "held")]
    assert "ListTasks was refused." in told["troubles"][0]["text"]
    assert told["target"] is None


def test_a_tick_that_saw_nothing_leaves_the_last_counts_and_says_so() -> None:
    seen = pages.record(pages.reading("jobs", 4), live=1)
    blind = replace(seen, end=End.FAILED, observation=None, decision=None, at=NOW + 60)

    told = row(QUEUE, Known(newest=blind, seen=seen), NOW + 60)

    assert (told["visible"], told["seen_at"], told["at"]) == (4, NOW, NOW + 60)
    assert kinds(told) == [("bad", "failed")]


def test_a_budgets_spending_is_counted_from_where_its_period_began() -> None:
    budget = Budget(dollars=2.0)
    queue = replace(QUEUE, budgets={"jobs/budget": budget})
    money = Money(Tariff({"FARGATE": 0.01}), 5.0)
    heard = (Heard("jobs", "budget", Advice(notes={"start": 0.0, "spent": 4.25})),)
    record = pages.record(pages.reading("jobs"), money=money, decision=Decision(0, 0, (), heard))

    assert shown(record, queue)["budgets"] == [
        {"policy": "jobs/budget", "dollars": 2.0, "per": "day", "spent": 0.75}
    ]
    assert shown(None, queue)["budgets"][0]["spent"] is None


def test_a_window_tells_whether_it_is_open_and_when_that_changes() -> None:
    window = CostWindow(from_="08:00", to="20:00", at_most=1)

    told = shown(None, replace(QUEUE, windows={"night": window}))

    ((name, is_open, changes_at),) = [tuple(one.values()) for one in told["windows"]]
    assert (name, is_open) == ("night", window.state(NOW)[0])
    assert changes_at is not None
    assert window.state(changes_at)[0] is not is_open
