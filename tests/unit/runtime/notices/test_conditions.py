"""What of a tick people are told, by what its record says."""

from __future__ import annotations

import pytest
from support.values import NOW, blind, observation, reading

from autoscaler.core.model import (
    Advice,
    Cause,
    Decision,
    Heard,
    Minute,
    Observation,
    Reading,
    Reason,
    Restraint,
)
from autoscaler.core.record import End, Record
from autoscaler.runtime.notices.conditions import Kind, Subject, conditions

HELD = Subject(Kind.HELD_TOO_LONG, "f")
BREAKER = Subject(Kind.BREAKER_OPEN, "f")
BUDGET = Subject(Kind.BUDGET_BINDING, "f")
LATE = Subject(Kind.PROMISE_BROKEN, "f", "q")
DECIDED = Decision(1, 1, ())


def record(
    seen: Observation | None = None, decision: Decision | None = DECIDED, end: End = End.DECIDED
) -> Record:
    return Record("house", "f", int(NOW), NOW, end, seen or observation(), decision)


def waited(age: float | None, visible: int | None = 3) -> Reading:
    return reading(visible, minutes=(Minute(NOW, oldest_age=age),))


def test_a_quiet_tick_tells_that_nothing_holds() -> None:
    assert conditions(record(), {"q": 60.0}) == {
        HELD: None,
        BREAKER: None,
        BUDGET: None,
        LATE: None,
    }


@pytest.mark.parametrize("end", [End.DONE_BEFORE, End.STALE])
def test_a_tick_that_others_decided_tells_nothing(end: End) -> None:
    assert conditions(record(end=end), {"q": 60.0}) == {}


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (
            waited(61.0),
            "The oldest message of q has waited 1 min 1 s, and 1 min are promised; 3 wait.",
        ),
        (waited(60.0), None),
        (waited(999.0, visible=0), None),
        (reading(0), None),
    ],
)
def test_a_promise_is_broken_while_a_message_waits_longer(shown: Reading, text: str | None) -> None:
    assert conditions(record(observation(shown)), {"q": 60.0})[LATE] == text


@pytest.mark.parametrize("shown", [waited(None), waited(999.0, visible=None), blind()])
def test_what_is_unknown_neither_breaks_a_promise_nor_keeps_it(shown: Reading) -> None:
    assert LATE not in conditions(record(observation(shown)), {"q": 60.0})


def test_a_queue_without_a_promise_breaks_none() -> None:
    assert LATE not in conditions(record(observation(waited(9999.0))), {})


def test_an_open_breaker_is_told_in_its_own_words() -> None:
    seen = observation(restraints=(Restraint(Cause.BREAKER, "3 tasks died."),))
    assert conditions(record(seen), {})[BREAKER] == "3 tasks died."


def test_a_budget_binds_where_it_cut_what_others_want() -> None:
    cut = Reason(Cause.NEW_TASKS, "budget lets 0 new tasks through.")
    heard = (
        Heard("q", "depth", Advice(want=9)),
        Heard("q", "budget", Advice(new_tasks=0, why="Spent.")),
    )
    told = conditions(record(decision=Decision(1, 1, (cut,), heard)), {})
    assert told[BUDGET] == "budget lets 0 new tasks through. Spent."


def test_a_budget_that_lets_through_what_is_wanted_does_not_bind() -> None:
    heard = (Heard("q", "budget", Advice(new_tasks=5, why="Enough.")),)
    assert conditions(record(decision=Decision(1, 1, (), heard)), {})[BUDGET] is None


def test_a_pause_of_one_queue_is_no_budget() -> None:
    own = Reason(Cause.NEW_TASKS, "p lets no new task start for q.", "q")
    assert conditions(record(decision=Decision(1, 1, (own,))), {})[BUDGET] is None


def test_a_hold_is_told_with_its_reason_and_tells_nothing_of_the_budget() -> None:
    decision = Decision(None, None, (Reason(Cause.FLEET_UNKNOWN, "The fleet is unknown."),))
    told = conditions(record(decision=decision, end=End.HELD), {})
    assert told[HELD] == "Fleet f is held. The fleet is unknown."
    assert BUDGET not in told


def test_a_tick_without_a_look_is_a_hold_and_tells_no_more() -> None:
    failed = Record("house", "f", 1, 1.0, End.HELD, troubles=("the store did not answer",))
    assert conditions(failed, {"q": 60.0}) == {HELD: "Fleet f is held. the store did not answer"}
