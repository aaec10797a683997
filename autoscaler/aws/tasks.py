"""The port ``Tasks`` on ECS."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from autoscaler.aws.clients import Clients
from autoscaler.aws.sightings import task
from autoscaler.aws.troubles import CALL_ERRORS, explain, unexpected
from autoscaler.core.errors import ObservationError
from autoscaler.core.model import Unknown
from autoscaler.core.settings import Settings
from autoscaler.core.tasks import Task

MOST_DESCRIBED = 100
"""Tasks of one DescribeTasks call [ECS DescribeTasks]."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A cluster, or a service in one; fleets in one place share every sweep."""

    region: str | None
    role: str | None
    cluster: str
    service: str | None = None
    """Whose tasks these are; None: those that this installation has launched."""


@dataclass(frozen=True, slots=True)
class _Batch:
    place: _Place
    ids: list[str]


class EcsTasks:
    """Looks at tasks, one sweep a cluster; nothing is raised."""

    def __init__(self, settings: Settings, clients: Clients) -> None:
        self._clients = clients
        self._installation = settings.installation
        self._containers = {name: fleet.container for name, fleet in settings.fleets.items()}
        self._places = {
            name: _Place(clients.region(fleet.region), fleet.role, fleet.cluster)
            for name, fleet in settings.fleets.items()
        }
        self._places |= {
            name: _Place(clients.region(one.region), one.role, one.cluster, one.service)
            for name, one in settings.services.items()
        }
        self._fleet_of = {place: name for name, place in self._places.items()}

    def listed(self, fleets: Collection[str]) -> Mapping[str, frozenset[str] | Unknown]:
        """For each fleet, its service's or the installation's tasks that are not stopping.

        ECS takes no filter beside ``startedBy``, and shows what is to run unless asked
        otherwise [ECS ListTasks]; other fleets' tasks are told apart by describing them.
        """
        places = self._distinct(fleets)
        found = dict(zip(places, self._clients.parallel(self._list, places), strict=True))
        return {fleet: found[self._places[fleet]] for fleet in fleets}

    def _list(self, place: _Place) -> frozenset[str] | Unknown:
        try:
            return self._all_pages(place)
        except CALL_ERRORS as error:
            return Unknown(explain(error, f"list the tasks of the cluster {place.cluster}"))

    def _all_pages(self, place: _Place) -> frozenset[str]:
        paginator = self._clients.ecs(place.region, place.role).get_paginator("list_tasks")
        if place.service is None:
            pages = paginator.paginate(cluster=place.cluster, startedBy=self._installation)
        else:
            pages = paginator.paginate(cluster=place.cluster, serviceName=place.service)
        ids: set[str] = set()
        for page in pages:
            if "taskArns" not in page:  # an empty list would read as an empty cluster
                raise unexpected("ListTasks")
            ids.update(page["taskArns"])
        return frozenset(ids)

    def described(
        self, wanted: Mapping[str, frozenset[str]]
    ) -> Mapping[str, Mapping[str, Task] | Unknown]:
        """The wanted tasks of each fleet's cluster by id; those ECS does not know are absent."""
        batches = list(self._batches(wanted))
        answers = self._clients.parallel(self._describe, batches)
        found = {place: _merged(batches, answers, place) for place in self._distinct(wanted)}
        return {fleet: _chosen(found[self._places[fleet]], wanted[fleet]) for fleet in wanted}

    def _batches(self, wanted: Mapping[str, frozenset[str]]) -> Iterator[_Batch]:
        for place in self._distinct(wanted):
            here = (ids for fleet, ids in wanted.items() if self._places[fleet] == place)
            rest = iter(sorted(frozenset().union(*here)))
            while some := list(islice(rest, MOST_DESCRIBED)):
                yield _Batch(place, some)

    def _describe(self, batch: _Batch) -> Mapping[str, Task] | Unknown:
        try:
            return self._description(batch)
        except CALL_ERRORS as error:
            return Unknown(explain(error, f"look at tasks of the cluster {batch.place.cluster}"))

    def _description(self, batch: _Batch) -> Mapping[str, Task]:
        place = batch.place
        answer = self._clients.ecs(place.region, place.role).describe_tasks(
            cluster=place.cluster, tasks=batch.ids
        )
        if "tasks" not in answer:
            raise unexpected("DescribeTasks")
        for failure in answer.get("failures", ()):
            if failure.get("reason") != "MISSING":  # MISSING: gone, or not shown yet
                raise ObservationError(f"ECS says {failure.get('reason')} of {failure.get('arn')}")
        for one in answer["tasks"]:
            self._clients.revisions.note(one, self._installation)
        seen = (task(one, self._installation, self._containers) for one in answer["tasks"])
        if place.service is not None:  # all of them are its own: ECS says so by `group`
            fleet = self._fleet_of[place]
            seen = (replace(one, fleet=fleet) for one in seen)
        return {one.id: one for one in seen}

    def _distinct(self, fleets: Iterable[str]) -> list[_Place]:
        return list(dict.fromkeys(self._places[fleet] for fleet in fleets))


def _merged(
    batches: Iterable[_Batch], answers: Iterable[Mapping[str, Task] | Unknown], place: _Place
) -> Mapping[str, Task] | Unknown:
    found: dict[str, Task] = {}
    for batch, answer in zip(batches, answers, strict=True):
        if batch.place != place:
            continue
        if isinstance(answer, Unknown):
            return answer
        found.update(answer)
    return found


def _chosen(
    found: Mapping[str, Task] | Unknown, ids: frozenset[str]
) -> Mapping[str, Task] | Unknown:
    if isinstance(found, Unknown):
        return found
    return {task_id: one for task_id, one in found.items() if task_id in ids}
