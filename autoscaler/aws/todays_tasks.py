"""The port ``Tasks`` for a shadow: tasks of today's system, whoever launched them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from autoscaler.aws.clients import Clients
from autoscaler.aws.sightings import task
from autoscaler.aws.tasks import MOST_DESCRIBED
from autoscaler.aws.troubles import CALL_ERRORS, explain, unexpected
from autoscaler.core.errors import ObservationError
from autoscaler.core.model import Unknown
from autoscaler.core.settings import FleetSettings, Settings
from autoscaler.core.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_ecs.type_defs import ListTasksRequestPaginateTypeDef


@dataclass(frozen=True, slots=True)
class Today:
    """By what ECS tells the tasks that serve a fleet's queues today: one of the two."""

    family: str | None = None
    """Of their task definition."""
    service: str | None = None

    def among(self, cluster: str) -> ListTasksRequestPaginateTypeDef:
        """What ListTasks is asked for; it takes each as a filter [ECS ListTasks]."""
        if self.service is not None:
            return {"cluster": cluster, "serviceName": self.service}
        return {"cluster": cluster, "family": self.family or ""}


def of_definition(fleet: FleetSettings) -> Today:
    """The tasks of the family that the fleet's own tasks are to be of."""
    return Today(family=fleet.task_definition.rpartition("/")[2].partition(":")[0])


class TodaysTasks:
    """Looks at tasks by family or service, fleet by fleet; nothing is raised."""

    def __init__(self, settings: Settings, clients: Clients, today: Mapping[str, Today]) -> None:
        self._fleets, self._clients = settings.fleets, clients
        self._installation, self._today = settings.installation, today

    def listed(self, fleets: Collection[str]) -> Mapping[str, frozenset[str] | Unknown]:
        """For each fleet, the tasks that are not stopping."""
        return dict(zip(fleets, self._clients.parallel(self._list, fleets), strict=True))

    def _list(self, fleet: str) -> frozenset[str] | Unknown:
        try:
            return self._all_pages(self._fleets[fleet], self._today[fleet])
        except CALL_ERRORS as error:
            return Unknown(explain(error, f"list the tasks that serve {fleet} today"))

    def _all_pages(self, fleet: FleetSettings, today: Today) -> frozenset[str]:
        ecs = self._clients.ecs(self._clients.region(fleet.region), fleet.role)
        ids: set[str] = set()
        for page in ecs.get_paginator("list_tasks").paginate(**today.among(fleet.cluster)):
            if "taskArns" not in page:  # an empty list would read as no task
                raise unexpected("ListTasks")
            ids.update(page["taskArns"])
        return frozenset(ids)

    def described(
        self, wanted: Mapping[str, frozenset[str]]
    ) -> Mapping[str, Mapping[str, Task] | Unknown]:
        """The wanted tasks of each fleet by id; those ECS does not know are absent."""
        asked = list(wanted.items())
        return dict(zip(wanted, self._clients.parallel(self._describe, asked), strict=True))

    def _describe(self, asked: tuple[str, frozenset[str]]) -> Mapping[str, Task] | Unknown:
        fleet, ids = asked
        try:
            return {one.id: one for batch in _batches(ids) for one in self._batch(fleet, batch)}
        except CALL_ERRORS as error:
            return Unknown(explain(error, f"look at the tasks that serve {fleet} today"))

    def _batch(self, fleet: str, ids: list[str]) -> Iterator[Task]:
        chosen = self._fleets[fleet]
        ecs = self._clients.ecs(self._clients.region(chosen.region), chosen.role)
        answer = ecs.describe_tasks(cluster=chosen.cluster, tasks=ids)
        if "tasks" not in answer:
            raise unexpected("DescribeTasks")
        for failure in answer.get("failures", ()):
            if failure.get("reason") != "MISSING":  # MISSING: gone, or not shown yet
                raise ObservationError(f"ECS says {failure.get('reason')} of {failure.get('arn')}")
        for one in answer["tasks"]:
            seen = task(one, self._installation, {"": chosen.container})
            yield replace(seen, fleet=fleet)


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(sorted(ids))
    while some := list(islice(rest, MOST_DESCRIBED)):
        yield some
