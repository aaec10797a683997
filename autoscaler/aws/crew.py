"""The port ``Crew`` on ECS: a fleet's tasks, with the messages that their environment names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from autoscaler.aws.clients import Clients
from autoscaler.aws.sightings import task
from autoscaler.aws.tasks import MOST_DESCRIBED
from autoscaler.aws.troubles import CALL_ERRORS, explain, unexpected
from autoscaler.core.errors import ObservationError
from autoscaler.core.settings import Settings
from autoscaler.dispatch.payload import noted
from autoscaler.dispatch.ports import Carrier

if TYPE_CHECKING:
    from mypy_boto3_ecs.type_defs import TaskTypeDef

UNSEEN_SECONDS = 600.0
"""A task that was accepted counts for so long although ECS does not show it: lists are late."""


class EcsCrew:
    """Looks at the tasks of one fleet; whatever ECS did not tell is an ObservationError."""

    def __init__(
        self, settings: Settings, clients: Clients, fleet: str, now: Callable[[], float]
    ) -> None:
        self._settings, self._clients, self._fleet, self.now = settings, clients, fleet, now
        self._chosen = settings.fleets[fleet]
        self._accepted: dict[str, tuple[Carrier, float]] = {}

    def accepted(self, carrier: Carrier) -> None:
        """Count a task that RunTask has just accepted, whatever lists say."""
        self._accepted[carrier.task] = carrier, self.now()

    def live(self) -> Sequence[Carrier]:
        """Those that start or run, with those that were accepted and are not shown yet."""
        listed = self._listed(startedBy=self._settings.installation)
        shown = dict(self._shown({*listed, *self._accepted}))
        for arn, (_, at) in list(self._accepted.items()):
            if arn in shown or self.now() - at > UNSEEN_SECONDS:
                del self._accepted[arn]
        seen = (carrier for carrier, live in shown.values() if live)
        return [*seen, *(carrier for carrier, _ in self._accepted.values())]

    def ended(self) -> Sequence[Carrier]:
        """Those that stopped or are stopping; ECS shows them for an hour or so.

        By their family: ECS takes no filter beside ``startedBy``, and shows with that alone what
        is to run [ECS ListTasks].
        """
        family = self._chosen.task_definition.rpartition("/")[2].partition(":")[0]
        listed = self._listed(family=family, desiredStatus="STOPPED")
        return [carrier for _, (carrier, live) in self._shown(listed) if not live]

    def _listed(self, **filters: str) -> set[str]:
        try:
            return set(self._pages(filters))
        except CALL_ERRORS as error:
            doing = f"list the tasks of the cluster {self._chosen.cluster}"
            raise ObservationError(explain(error, doing)) from error

    def _pages(self, filters: Mapping[str, str]) -> Iterator[str]:
        pages = self._ecs.get_paginator("list_tasks").paginate(
            cluster=self._chosen.cluster, **filters
        )
        for page in pages:
            if "taskArns" not in page:
                raise unexpected("ListTasks")
            yield from page["taskArns"]

    def _shown(self, arns: Iterable[str]) -> Iterator[tuple[str, tuple[Carrier, bool]]]:
        """Each task of the fleet among these, and whether it is live; by its ARN."""
        rest = iter(sorted(arns))
        while some := list(islice(rest, MOST_DESCRIBED)):
            for one in self._described(some):
                known = task(one, self._settings.installation, {})
                if known.fleet == self._fleet:
                    carrier = Carrier(known.id, known.provider, noted(_environment(one)))
                    yield known.id, (carrier, known.live)

    def _described(self, arns: list[str]) -> Sequence[TaskTypeDef]:
        cluster = self._chosen.cluster
        try:
            answer = self._ecs.describe_tasks(cluster=cluster, tasks=arns)
            if "tasks" not in answer:
                raise unexpected("DescribeTasks")
        except CALL_ERRORS as error:
            doing = f"look at tasks of the cluster {cluster}"
            raise ObservationError(explain(error, doing)) from error
        tasks: Sequence[TaskTypeDef] = answer["tasks"]
        return tasks

    @property
    def _ecs(self) -> Any:
        return self._clients.ecs(self._chosen.region, self._chosen.role)


def _environment(seen: TaskTypeDef) -> Mapping[str, str]:
    return {
        variable.get("name", ""): variable.get("value", "")
        for container in seen.get("overrides", {}).get("containerOverrides", ())
        for variable in container.get("environment", ())
    }
