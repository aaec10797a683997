"""The task operations of the ECS API over the book of tasks."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.bends import STRAIGHT, Ask, Bend
from autoscaler.local.ecs.book import Book, full_arn
from autoscaler.local.ecs.errors import invalid
from autoscaler.local.ecs.instances.api import EcsInstances
from autoscaler.local.ecs.instances.hosts import Hosts
from autoscaler.local.ecs.instances.machines import MotoMachines
from autoscaler.local.ecs.lifecycle import SPOT, Lifecycle, user_stop
from autoscaler.local.ecs.listing import page, read_listing
from autoscaler.local.ecs.placing import Placement
from autoscaler.local.ecs.protection import Protection
from autoscaler.local.ecs.rendering import render, tags_of
from autoscaler.local.ecs.requests import check_token, read_launch, read_tags
from autoscaler.local.ecs.services.api import EcsServices

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autoscaler.local.ecs.catalog import Catalog, Cluster
    from autoscaler.local.ecs.instances.machines import Machines
    from autoscaler.local.ecs.model import Place, Task
    from autoscaler.local.ecs.requests import LaunchRequest
    from autoscaler.local.ecs.services.model import Service

    Operation = Callable[[Ask], dict[str, Any]]

_DESCRIBED_AT_ONCE = 100
_PRUNE_EVERY = 10.0  # seconds; what is pruned has been kept for an hour


class EcsTasks:
    """Answers the operations of tasks and services; all under one lock, one request at a time."""

    def __init__(
        self,
        catalog: Catalog,
        lifecycle: Lifecycle,
        clock: Callable[[], float],
        machines: Machines | None = None,
    ) -> None:
        self._catalog = catalog
        self._lifecycle = lifecycle
        self._clock = clock
        self._book = Book()
        self._hosts = Hosts(self._book, catalog, machines or MotoMachines(), clock)
        self._placement = Placement(self._book, lifecycle, self._hosts)
        self._services = EcsServices(catalog, self._placement, clock)
        self._protection = Protection(self._book, self._services.shelf, clock)
        self._pruned_at = clock()
        self._shown: dict[str, tuple[int, int]] = {}
        self._lock = threading.RLock()
        self._operations: dict[str, Operation] = {
            "RunTask": self._run_task,
            "ListTasks": self._list_tasks,
            "DescribeTasks": self._describe_tasks,
            "StopTask": self._stop_task,
            "StartTask": self._start_task,
            "GetTaskProtection": lambda ask: self._protection.read(self._cluster(ask).arn, ask),
            "UpdateTaskProtection": lambda ask: self._protection.update(
                self._cluster(ask).arn, ask
            ),
            "TagResource": self._tag,
            "UntagResource": self._untag,
            "ListTagsForResource": self._list_tags,
            **self._services.operations,
            **EcsInstances(catalog, self._hosts).operations,
        }

    def handles(self, operation: str, body: dict[str, Any]) -> bool:
        """Whether this request is about tasks or services, and not for moto."""
        if operation in ("TagResource", "UntagResource", "ListTagsForResource"):
            arn = str(body.get("resourceArn"))
            return ":task/" in arn or ":service/" in arn
        return operation in self._operations

    def answer(
        self, operation: str, body: dict[str, Any], place: Place, bend: Bend = STRAIGHT
    ) -> dict[str, Any]:
        """Carry out one operation. Raises the EcsError AWS answers with."""
        with self._lock:
            return self._operations[operation](Ask(body, place, bend))

    def everything(self) -> list[dict[str, Any]]:
        """Describe all tasks of all clusters as they truly are, the oldest first."""
        with self._lock:
            return [render(task) for task in self._book.all()]

    def advance(self) -> bool:
        """Move tasks and services on to where they are now; return whether any is unfinished."""
        with self._lock:
            now = self._clock()
            self._hosts.keep_up()
            for task in self._book.unfinished():
                self._lifecycle.advance(task, now)
            unsettled = self._services.advance(now)
            if now - self._pruned_at >= _PRUNE_EVERY:
                self._book.prune(now)
                self._services.shelf.prune(now)
                self._pruned_at = now
            self._show_counts()
            return unsettled or bool(self._book.unfinished())

    def _show_counts(self) -> None:
        counts = self._book.counts()
        for cluster_arn in counts.keys() | self._shown.keys():
            running, pending = counts.get(cluster_arn, (0, 0))
            if self._shown.get(cluster_arn) != (running, pending):
                self._catalog.show_counts(cluster_arn, running=running, pending=pending)
        self._shown = counts

    # ---------------------------------------------------------------- what AWS itself may do

    def set_capacity(self, limits: dict[str, int | None]) -> dict[str, dict[str, int]]:
        """Set how many tasks each provider holds, None for no limit.

        Returns the limits, and how many tasks each provider holds now.
        """
        with self._lock:
            kept = self._book.capacity | limits
            self._book.capacity = {name: each for name, each in kept.items() if each is not None}
            held = Counter(task.pool for task in self._book.unfinished())
            return {"capacity": self._book.capacity, "held": dict(held)}

    def interrupt(self, wanted: Callable[[Task], bool], count: int | None) -> list[str]:
        """Interrupt tasks as Spot does, the oldest first; return their ARNs."""
        with self._lock:
            live = [task for task in self._book.unfinished() if task.cause is None]
            chosen = [task for task in live if wanted(task)][:count]
            for task in chosen:
                task.ask_to_stop(SPOT, self._clock())
            return [task.arn for task in chosen]

    # -------------------------------------------------------------------------- operations

    def _run_task(self, ask: Ask) -> dict[str, Any]:
        token = check_token(ask.body)
        cluster = self._cluster(ask)
        if token is not None:
            original = self._book.tokens.recall(cluster.arn, token, ask.body)
            if original is not None:
                return original
        placed = self._placement.place(self._read_launch(ask), self._clock(), ask.bend)
        response = {
            "tasks": [render(task) for task in placed.tasks],
            "failures": placed.failures,
        }
        if token is not None:
            self._book.tokens.keep(cluster.arn, ask.body, response, self._clock())
        return response

    def _read_launch(self, ask: Ask) -> LaunchRequest:
        request = read_launch(ask.body, ask.place, self._catalog)
        on_instances = request.launch_type not in (None, "FARGATE")
        if on_instances and not self._hosts.of_cluster(request.cluster.arn):
            raise invalid("No Container Instances were found in your cluster.")
        return request

    def _list_tasks(self, ask: Ask) -> dict[str, Any]:
        cluster, now, bend = self._cluster(ask), self._clock(), ask.bend
        if ask.body.get("serviceName"):
            self._services.shelf.existing(cluster.arn, str(ask.body["serviceName"]))
        seen = (task for task in self._book.of_cluster(cluster.arn) if not bend.hides(task, now))
        return page(seen, read_listing(ask.body), bend.as_of(now))

    def _describe_tasks(self, ask: Ask) -> dict[str, Any]:
        cluster = self._cluster(ask)
        found = {name: self._seen(cluster.arn, name, ask.bend) for name in _names(ask.body)}
        with_tags = "TAGS" in ask.body.get("include", [])
        return {
            "tasks": [render(task, with_tags=with_tags) for task in found.values() if task],
            "failures": [
                {"arn": full_arn(cluster.arn, name), "reason": "MISSING"}
                for name, task in found.items()
                if task is None
            ],
        }

    def _seen(self, cluster_arn: str, name: str, bend: Bend) -> Task | None:
        task = self._book.find(cluster_arn, name)
        return None if task is None or bend.hides(task, self._clock()) else task

    def _stop_task(self, ask: Ask) -> dict[str, Any]:
        cluster = self._cluster(ask)
        task = self._book.find(cluster.arn, str(ask.body.get("task", "")))
        if task is None:
            raise invalid("The referenced task was not found.")
        task.ask_to_stop(user_stop(ask.body.get("reason")), self._clock())
        return {"task": render(task)}

    def _start_task(self, _ask: Ask) -> dict[str, Any]:
        raise invalid("No Container Instances were found in your cluster.")

    def _tag(self, ask: Ask) -> dict[str, Any]:
        tagged = self._tagged(ask)
        tagged.tags = read_tags([*tags_of(tagged.tags), *ask.body.get("tags", [])])
        return {}

    def _untag(self, ask: Ask) -> dict[str, Any]:
        for key in ask.body.get("tagKeys", []):
            self._tagged(ask).tags.pop(key, None)
        return {}

    def _list_tags(self, ask: Ask) -> dict[str, Any]:
        return {"tags": tags_of(self._tagged(ask).tags)}

    def _cluster(self, ask: Ask) -> Cluster:
        return self._catalog.cluster(ask.place, ask.cluster)

    def _tagged(self, ask: Ask) -> Task | Service:
        arn = str(ask.body.get("resourceArn"))
        found = self._book.by_arn(arn) or self._services.shelf.by_arn(arn)
        if found is None:
            raise invalid("The specified resource was not found. Specify a valid ARN.")
        return found


def _names(body: dict[str, Any]) -> Sequence[str]:
    names: list[str] = body.get("tasks", [])
    if not names:
        raise invalid("Tasks cannot be empty.")
    if len(names) > _DESCRIBED_AT_ONCE:
        raise invalid(f"At most {_DESCRIBED_AT_ONCE} tasks can be given in one request.")
    return names
