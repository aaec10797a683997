"""Asks the account for what a configuration does not tell, and policies are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from autoscaler.aws.addresses import queue_address
from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.troubles import CALL_ERRORS, explain, unexpected
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.service_settings import ServiceSettings
from autoscaler.core.settings import FleetSettings, QueueSettings, Settings
from autoscaler.operations.dead_queue import asking
from autoscaler.operations.permissions.definition import definition_facts
from autoscaler.operations.permissions.facts import (
    DefinitionFacts,
    Facts,
    QueueFacts,
    ServiceFacts,
    Site,
)
from autoscaler.operations.permissions.queue import queue_facts

T = TypeVar("T")

_LEFT_OUT = "what depends on it is left out of the policies: make it, then run this again"


def look(settings: Settings, clients: Clients) -> Facts:
    """Ask for the account, the queues and the task definitions.

    What cannot be found is left out, and told in the notes.

    Raises:
        ConfigurationError: no region is set.
        AutoscalerError: it cannot be told whose account this is.
    """
    home = _home(clients)
    fleets = {name: _site(clients, fleet, home) for name, fleet in settings.every_fleet.items()}
    notes: list[str] = []
    queues = _found(clients, _asked_queues(settings, clients, fleets), notes)
    definitions = _found(clients, _asked_definitions(settings, clients, fleets), notes)
    services = _found(clients, _asked_services(settings, clients, fleets), notes)
    return Facts(home, fleets, queues, definitions, tuple(dict.fromkeys(notes)), services)


def _home(clients: Clients) -> Site:
    with asking("ask whose credentials these are"):
        answer = clients.service("sts", Place(None)).get_caller_identity()
        if "Arn" not in answer:
            raise unexpected("GetCallerIdentity")
    partition = answer["Arn"].split(":")[1]
    return Site(partition, _region(clients, None), answer["Account"])


def _site(clients: Clients, fleet: FleetSettings | ServiceSettings, home: Site) -> Site:
    """A fleet with a role is in the role's account."""
    region = _region(clients, fleet.region)
    if fleet.role is None:
        return Site(home.partition, region, home.account)
    parts = fleet.role.split(":")
    return Site(parts[1], region, parts[4])


def _region(clients: Clients, given: str | None) -> str:
    region = clients.region(given)
    if region is None:
        raise ConfigurationError("no region is set; give the fleet one, or set AWS_REGION")
    return region


def _asked_queues(
    settings: Settings, clients: Clients, fleets: Mapping[str, Site]
) -> dict[str, Callable[[], QueueFacts]]:
    roles = {name: fleet.role for name, fleet in settings.every_fleet.items()}
    return {
        name: partial(_ask_queue, clients, queue, roles[queue.fleet], fleets[queue.fleet])
        for name, queue in settings.queues.items()
    }


def _ask_queue(clients: Clients, queue: QueueSettings, role: str | None, site: Site) -> QueueFacts:
    address = queue_address(queue.queue)
    with asking(f"look at the queue {address.name}"):
        return queue_facts(clients.sqs(address.region or site.region, role), address)


def _asked_definitions(
    settings: Settings, clients: Clients, fleets: Mapping[str, Site]
) -> dict[str, Callable[[], DefinitionFacts]]:
    asked: dict[str, Callable[[], DefinitionFacts]] = {
        name: partial(_ask_definition, clients, fleet, fleets[name])
        for name, fleet in settings.fleets.items()
    }
    for name, service in settings.services.items():
        asked[name] = partial(_ask_definition_of, clients, service, fleets[name])
    return asked


def _ask_definition(clients: Clients, fleet: FleetSettings, site: Site) -> DefinitionFacts:
    with asking(f"look at the task definition {fleet.task_definition}"):
        answer = clients.ecs(site.region, fleet.role).describe_task_definition(
            taskDefinition=fleet.task_definition
        )
        if "taskDefinition" not in answer:
            raise unexpected("DescribeTaskDefinition")
    return definition_facts(answer["taskDefinition"], site)


def _ask_definition_of(clients: Clients, service: ServiceSettings, site: Site) -> DefinitionFacts:
    with asking(f"look at the service {service.service}"):
        ecs = clients.ecs(site.region, service.role)
        told = ecs.describe_services(cluster=service.cluster, services=[service.service])
        if not told.get("services"):
            where = f"the cluster {service.cluster}"
            raise ConfigurationError(f"there is no service {service.service} in {where}")
        answer = ecs.describe_task_definition(taskDefinition=told["services"][0]["taskDefinition"])
    return definition_facts(answer["taskDefinition"], site)


def _asked_services(
    settings: Settings, clients: Clients, fleets: Mapping[str, Site]
) -> dict[str, Callable[[], ServiceFacts]]:
    """Of modes that ask for anything of the service's task definition."""
    return {
        name: partial(_ask_service, clients, queue, settings.fleets[queue.fleet], fleets)
        for name, queue in settings.queues.items()
        if queue.modes and queue.modes.sized and queue.fleet in settings.fleets
    }


def _ask_service(
    clients: Clients, queue: QueueSettings, fleet: FleetSettings, fleets: Mapping[str, Site]
) -> ServiceFacts:
    site, modes = fleets[queue.fleet], queue.modes
    name = modes.service if modes else ""
    ecs = clients.ecs(site.region, fleet.role)
    with asking(f"look at the service {name}"):
        cluster = (modes.cluster if modes else None) or fleet.cluster
        told = ecs.describe_services(cluster=cluster, services=[name])["services"]
        if not told:
            raise ConfigurationError(f"there is no service {name} in the cluster {cluster}")
        answer = ecs.describe_task_definition(taskDefinition=told[0]["taskDefinition"])
    arn = answer["taskDefinition"]["taskDefinitionArn"]
    roles = definition_facts(answer["taskDefinition"], site).roles
    return ServiceFacts(f"{arn.rpartition(':')[0]}:*", roles)


def _found(
    clients: Clients, asked: Mapping[str, Callable[[], T]], notes: list[str]
) -> dict[str, T]:
    """The answers there are; a note for each of the others."""
    answers = clients.parallel(_tried, asked.values())
    found = {}
    for name, answer in zip(asked, answers, strict=True):
        if isinstance(answer, Exception):
            notes.append(f"{explain(answer, name)}; {_LEFT_OUT}")
        else:
            found[name] = answer
    return found


def _tried(ask: Callable[[], T]) -> T | Exception:
    try:
        return ask()
    except CALL_ERRORS as error:
        return error
