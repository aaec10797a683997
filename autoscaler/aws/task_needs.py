"""What ECS sets aside on an instance for a task, from the task definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autoscaler.aws.clients import Clients
from autoscaler.aws.revisions import number
from autoscaler.aws.troubles import CALL_ERRORS, explain, unexpected
from autoscaler.core.instances import TaskNeed
from autoscaler.core.model import Unknown
from autoscaler.core.settings import FleetSettings, Overrides


class TaskNeeds:
    """Looks at a pinned revision once in the life of the process, at a family each time."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._pinned: dict[tuple[str, str], TaskNeed | Unknown] = {}

    def of(self, fleet: str, settings: FleetSettings) -> TaskNeed | Unknown:
        """What a task of a fleet needs, or why that is unknown; nothing is raised."""
        name = settings.task_definition
        if (fleet, name) in self._pinned:
            return self._pinned[fleet, name]
        try:
            answer = self._clients.ecs(settings.region, settings.role).describe_task_definition(
                taskDefinition=name
            )
            if "taskDefinition" not in answer:
                raise unexpected("DescribeTaskDefinition")
        except CALL_ERRORS as error:
            return Unknown(explain(error, f"look at the task definition {name}"))
        need = need_of(answer["taskDefinition"], settings.overrides)
        if number(name):
            self._pinned[fleet, name] = need
        return need


def need_of(told: Mapping[str, Any], overrides: Overrides) -> TaskNeed | Unknown:
    """The task's own size where it has one, or else what its containers ask for together.

    ECS places a container by its reservation where it has one, by its limit where not.
    """
    containers = told.get("containerDefinitions", ())
    cpu = overrides.cpu or int(told.get("cpu") or sum(one.get("cpu", 0) for one in containers))
    of_containers = sum(
        one.get("memoryReservation") or one.get("memory") or 0 for one in containers
    )
    memory = overrides.memory or int(told.get("memory") or of_containers)
    if memory <= 0:
        name = told.get("family", "")
        return Unknown(f"the task definition {name} has no memory; give the task's or containers'")
    return TaskNeed(cpu, memory)
