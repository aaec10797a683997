"""One fleet's turn: what the end of tasks teaches, beside what queues show."""

from __future__ import annotations

from support import values

from autoscaler.core.memory import Memory
from autoscaler.core.model import Minute
from autoscaler.core.tasks import Task, TaskState
from autoscaler.core.turn import with_tasks

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
