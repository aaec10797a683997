"""What the tasks of a service are: of which definition, and on which of Fargate's providers."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autoscaler.aws.troubles import CALL_ERRORS, explain
from autoscaler.core.model import Unknown
from autoscaler.core.service_settings import ServiceSettings
from autoscaler.core.tasks import Provider

if TYPE_CHECKING:
    from autoscaler.aws.clients import Clients

_FARGATE = (Provider.FARGATE.value, Provider.FARGATE_SPOT.value)


@dataclass(frozen=True, slots=True)
class ServiceTasks:
    """As DescribeServices tells it."""

    definition: str
    """The ARN of their task definition's revision."""
    providers: tuple[str, ...]
    """New tasks may be on any of these; none: on no Fargate at all, but on instances, say."""


class SeenServices:
    """What each fleet's service was last seen to run, so that nobody has to ask again."""

    def __init__(self) -> None:
        self._seen: dict[str, ServiceTasks] = {}
        self._lock = threading.Lock()

    def note(self, fleet: str, told: Mapping[str, Any]) -> None:
        """Take in a service as DescribeServices tells it."""
        with self._lock:
            self._seen[fleet] = service_tasks(told)

    def of(self, fleet: str) -> ServiceTasks | None:
        """None: it was not seen yet."""
        return self._seen.get(fleet)


def described(clients: Clients, chosen: ServiceSettings) -> ServiceTasks | Unknown:
    """As the service is now, or why that is unknown; nothing is raised."""
    try:
        answer = clients.ecs(chosen.region, chosen.role).describe_services(
            cluster=chosen.cluster, services=[chosen.service]
        )
        if not answer.get("services"):
            return Unknown(f"there is no service {chosen.service} in the cluster {chosen.cluster}")
    except CALL_ERRORS as error:
        return Unknown(explain(error, f"look at the service {chosen.service}"))
    return service_tasks(answer["services"][0])


def service_tasks(told: Mapping[str, Any]) -> ServiceTasks:
    """Of a service that is deployed by CodeDeploy or others, those of its primary task set."""
    sets: Iterable[Mapping[str, Any]] = told.get("taskSets") or ()
    primary = next((one for one in sets if one.get("status") == "PRIMARY"), {})
    whole = {**told, **primary}
    strategy = whole.get("capacityProviderStrategy") or ()
    named = [one["capacityProvider"] for one in strategy if one.get("weight") or one.get("base")]
    found = named or [whole.get("launchType")]
    return ServiceTasks(
        definition=whole.get("taskDefinition", ""),
        providers=tuple(name for name in _FARGATE if name in found),
    )
