"""Putting tasks where there is capacity; what finds none is told as RunTask's failures tell it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.bends import NO_CAPACITY, STRAIGHT, Bend
from autoscaler.local.ecs.births import new_task
from autoscaler.local.ecs.strategy import FARGATE_PROVIDERS

if TYPE_CHECKING:
    from autoscaler.local.ecs.book import Book
    from autoscaler.local.ecs.instances.hosts import Hosts
    from autoscaler.local.ecs.lifecycle import Lifecycle
    from autoscaler.local.ecs.model import Task
    from autoscaler.local.ecs.requests import LaunchRequest


@dataclass(slots=True)
class Placed:
    """What became of a request: its tasks, and a reason for each that was not placed."""

    tasks: list[Task] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    @property
    def failures(self) -> list[dict[str, Any]]:
        """The reasons as RunTask answers them."""
        return [{"reason": reason} for reason in self.reasons]


class Placement:
    """Makes the tasks of a request, one by one, as long as there is room for them."""

    def __init__(self, book: Book, lifecycle: Lifecycle, hosts: Hosts) -> None:
        self._book = book
        self._hosts = hosts
        self._lifecycle = lifecycle

    def place(self, request: LaunchRequest, now: float, bend: Bend = STRAIGHT) -> Placed:
        """Enter into the book a task for each of the request's pools that has room."""
        placed = Placed()
        for pool in request.pools:
            reason = self._reason_against(pool, placed, bend)
            host = None if pool in FARGATE_PROVIDERS else self._hosts.choose(request)
            if reason is not None or isinstance(host, str):
                placed.reasons.append(reason or str(host))
                continue
            number = self._book.next_number()
            task = new_task(request, pool, number, now, self._lifecycle.first_due(now))
            task.host = host.arn if host else None
            self._book.add(task)
            placed.tasks.append(task)
        return placed

    def is_leaving(self, task: Task) -> bool:
        """Whether a task is where a service's tasks move away from."""
        return task.host is not None and self._hosts.is_draining(task.host)

    def _reason_against(self, pool: str, placed: Placed, bend: Bend) -> str | None:
        if self._book.room(pool) == 0:
            return NO_CAPACITY
        return bend.reason_against(pool, placed.tasks)
