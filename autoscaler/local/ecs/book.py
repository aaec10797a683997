"""The book of tasks: all of them, the capacity there is, the tokens used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoscaler.local.ecs.model import Status
from autoscaler.local.ecs.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autoscaler.local.ecs.model import Task

STOPPED_FOR = 3600.0  # seconds a stopped task stays visible ("at least one hour", DescribeTasks)


class Book:
    """Tasks by ARN in the order of their launch; `capacity` is a limit by provider, or none."""

    def __init__(self) -> None:
        self._tasks: dict[str, Task] = {}
        self._unfinished: dict[str, Task] = {}
        self._launched = 0
        self.tokens = Tokens()
        self.capacity: dict[str, int] = {}

    def next_number(self) -> int:
        """Number the tasks from 1 on."""
        self._launched += 1
        return self._launched

    def add(self, task: Task) -> None:
        """Enter a new task."""
        self._tasks[task.arn] = self._unfinished[task.arn] = task

    def by_arn(self, arn: str) -> Task | None:
        """Return a task of any cluster."""
        return self._tasks.get(arn)

    def all(self) -> list[Task]:
        """All tasks, the oldest first."""
        return list(self._tasks.values())

    def of_cluster(self, cluster_arn: str) -> Iterator[Task]:
        """All tasks of exactly this cluster, the oldest first."""
        return (task for task in self._tasks.values() if task.cluster_arn == cluster_arn)

    def find(self, cluster_arn: str, name: str) -> Task | None:
        """Return a task of this cluster by its ARN or its id."""
        task = self._tasks.get(full_arn(cluster_arn, name))
        return task if task is not None and task.cluster_arn == cluster_arn else None

    def unfinished(self) -> list[Task]:
        """All tasks not STOPPED yet; asked 20 times a second, so the stopped ones are set aside."""
        live = {arn: task for arn, task in self._unfinished.items() if _lives(task)}
        self._unfinished = live
        return list(live.values())

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return the running and the not yet running tasks by cluster, as clusters count them."""
        found: dict[str, tuple[int, int]] = {}
        for task in self.unfinished():
            running, pending = found.get(task.cluster_arn, (0, 0))
            running += task.last_status is Status.RUNNING
            pending += task.last_status in (Status.PROVISIONING, Status.PENDING)
            found[task.cluster_arn] = (running, pending)
        return found

    def room(self, pool: str) -> int | None:
        """How many more tasks this capacity holds; None is without limit."""
        limit = self.capacity.get(pool)
        if limit is None:
            return None
        return max(0, limit - sum(task.pool == pool for task in self.unfinished()))

    def prune(self, now: float) -> None:
        """Forget tasks stopped an hour ago and the tokens whose life is over."""
        gone = [
            arn
            for arn, task in self._tasks.items()
            if task.stopped_at is not None and now - task.stopped_at >= STOPPED_FOR
        ]
        for arn in gone:
            del self._tasks[arn]
        self.tokens.prune(self._is_live, now)

    def _is_live(self, arn: str) -> bool:
        return arn in self._unfinished


def _lives(task: Task) -> bool:
    return task.last_status is not Status.STOPPED


def full_arn(cluster_arn: str, name: str) -> str:
    """Return the ARN a task of this cluster has, or would have, from its ARN or id."""
    if name.startswith("arn:"):
        return name
    return f"{cluster_arn.replace(':cluster/', ':task/', 1)}/{name}"
