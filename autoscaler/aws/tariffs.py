"""The port ``Tariffs`` on ECS: the size of a task from its definition, priced by the table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from autoscaler.aws.clients import Clients
from autoscaler.aws.instance_tariffs import instance_tariff
from autoscaler.aws.revisions import number
from autoscaler.aws.service_tasks import described
from autoscaler.aws.task_needs import TaskNeeds
from autoscaler.aws.troubles import CALL_ERRORS, explain, unexpected
from autoscaler.core.cost import INCLUDED_STORAGE, Architecture, Tariff, TaskSize, tariff
from autoscaler.core.model import Unknown
from autoscaler.core.service_settings import ServiceSettings
from autoscaler.core.settings import FleetSettings, Overrides, Settings

if TYPE_CHECKING:
    from mypy_boto3_ecs.type_defs import TaskDefinitionTypeDef


class EcsTariffs:
    """Looks at each revision of a task definition once in the life of the process.

    Needs ``ecs:DescribeTaskDefinition``, where a policy needs prices; of a service also
    ``ecs:DescribeServices``.
    """

    def __init__(self, settings: Settings, clients: Clients) -> None:
        self._settings = settings
        self._clients = clients
        self._needs = TaskNeeds(clients)
        self._sizes: dict[tuple[str, str], TaskSize | Unknown] = {}

    def of(self, fleets: Collection[str]) -> Mapping[str, Tariff | Unknown]:
        """What a task of each fleet costs, or why that is unknown; nothing is raised."""
        names = list(fleets)
        return dict(zip(names, self._clients.parallel(self._tariff, names), strict=True))

    def _tariff(self, fleet: str) -> Tariff | Unknown:
        chosen = self._settings.every_fleet[fleet]
        if isinstance(chosen, ServiceSettings):
            return self._of_service(fleet, chosen)
        if chosen.instances is not None:
            return instance_tariff(chosen.instances, self._needs.of(fleet, chosen))
        return self._priced(fleet, chosen, self._definition(fleet, chosen), chosen.overrides)

    def _of_service(self, fleet: str, chosen: ServiceSettings) -> Tariff | Unknown:
        """As it was last seen by a tick, or else as it is now; only what it may run on counts."""
        tasks = self._clients.seen_services.of(fleet) or described(self._clients, chosen)
        if isinstance(tasks, Unknown):
            return tasks
        if not tasks.providers:
            return Unknown(
                f"the tasks of the service {chosen.service} have no price here: they do not run on "
                "Fargate, and instances are billed whole"
            )
        priced = self._priced(fleet, chosen, tasks.definition, Overrides())
        return priced if isinstance(priced, Unknown) else priced.on(tasks.providers)

    def _priced(
        self,
        fleet: str,
        chosen: FleetSettings | ServiceSettings,
        definition: str,
        overrides: Overrides,
    ) -> Tariff | Unknown:
        size = self._sizes.get((fleet, definition))
        size = size or self._size(fleet, chosen, definition, overrides)
        if isinstance(size, Unknown):
            return size
        region = self._clients.region(chosen.region) or ""
        return tariff(size, region, self._settings.prices)

    def _definition(self, fleet: str, chosen: FleetSettings) -> str:
        """As configured; of a family, the newest revision that tasks were seen with."""
        if number(chosen.task_definition):
            return chosen.task_definition
        return self._clients.revisions.of(fleet) or chosen.task_definition

    def _size(
        self,
        fleet: str,
        chosen: FleetSettings | ServiceSettings,
        definition: str,
        overrides: Overrides,
    ) -> TaskSize | Unknown:
        try:
            answer = self._clients.ecs(chosen.region, chosen.role).describe_task_definition(
                taskDefinition=definition
            )
            if "taskDefinition" not in answer:
                raise unexpected("DescribeTaskDefinition")
        except CALL_ERRORS as error:
            return Unknown(explain(error, f"look at the task definition {definition}"))
        told = answer["taskDefinition"]
        size = size_of(told, overrides)
        self._sizes[fleet, definition] = size
        self._sizes[fleet, told.get("taskDefinitionArn", definition)] = size
        return size


def size_of(told: TaskDefinitionTypeDef, overrides: Overrides) -> TaskSize | Unknown:
    """The size of a Fargate task: a fleet's overrides go before its definition's own."""
    name = told.get("family", "")
    platform = told.get("runtimePlatform", {})
    if platform.get("operatingSystemFamily", "LINUX") != "LINUX":
        return Unknown(f"the task definition {name} is for Windows, which has no price here")
    cpu, memory = overrides.cpu or _units(told, "cpu"), overrides.memory or _units(told, "memory")
    if cpu is None or memory is None:
        return Unknown(f"the task definition {name} has no cpu and memory; give the task's own")
    return TaskSize(
        vcpus=cpu / 1024,
        gigabytes=memory / 1024,
        architecture=Architecture(platform.get("cpuArchitecture", "X86_64")),
        storage=float(told.get("ephemeralStorage", {}).get("sizeInGiB", INCLUDED_STORAGE)),
    )


def _units(told: Mapping[str, Any], name: str) -> int | None:
    """CPU units or MiB, which ECS sends as text."""
    text = told.get(name, "")
    return int(text) if text.isdecimal() else None
