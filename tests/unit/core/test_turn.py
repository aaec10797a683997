"""One fleet's turn: what the end of tasks teaches, beside what queues show."""

from __future__ import annotations

import pytest
from support import values

from autoscaler.core.memory import Memory
from autoscaler.core.model import Minute
from autoscaler.core.rules import Policy
from autoscaler.core.tasks import Task, TaskState
from autoscaler.core.tokens import Namer
from autoscaler.core.turn import Moment, Sight, Turn, take, with_tasks

DIED_AT = values.NOW - 30.0
STARTED_AT = DIED_AT - 10.0


def failed(n: int) -> Task:
    """A task whose worker failed soon after its start."""
    return values.task(
        f"t{n}",
        TaskState.STOPPED,
        started_at=STARTED_AT,
        stopped_at=DIED_AT,
        stop_code="EssentialContainerExited",
        exit_code=1,
    )


def after(*minutes: Minute) -> Memory:
    """The memory after three such deaths, with these minutes of the queue."""
    known = Memory(tasks=values.by_id(*(values.task(f"t{n}") for n in range(3))))
    dead = values.by_id(*(failed(n) for n in range(3)))
    return with_tasks(known, dead, {"q": values.reading(minutes=minutes)}, values.NOW)


def test_three_deaths_without_deletions_open_the_breaker() -> None:
    assert after(Minute(ends_at=values.NOW, deleted=0)).breaker.open


def test_deletions_since_the_tasks_began_are_progress() -> None:
    assert not after(Minute(ends_at=STARTED_AT + 60.0, deleted=5)).breaker.open


def test_deletions_of_an_earlier_minute_are_others_work() -> None:
    assert after(Minute(ends_at=STARTED_AT + 59.0, deleted=5)).breaker.open


def taken(before: Memory, *policies: Policy, described: tuple[Task, ...] = ()) -> Turn:
    """The turn of one queue with a message, where ECS lists nothing."""
    rules = values.rules(values.queue(*policies))
    sight = Sight({"q": values.reading(1)}, frozenset(), values.by_id(*described))
    moment = Moment(Namer("house", "f", int(values.NOW)), values.NOW, values.PERIOD)
    return take(before, sight, rules, moment, lambda provider, count: count)


@pytest.mark.parametrize(
    ("holding", "again"),
    [({}, 1), ({"pause": True}, 0), ({"new_tasks": 0}, 0), ({"new_tasks": 1}, 1)],
)
def test_a_launch_in_doubt_is_not_asked_for_again_while_a_policy_holds(holding, again) -> None:
    doubtful = Memory(intents=(values.intent("old", saved_at=values.NOW - 120),))
    turn = taken(doubtful, values.saying(want=1), values.saying(**holding))
    assert [one.token for one in turn.intents] == ["old"] * again
