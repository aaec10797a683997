"""Small configurations for the tests of the room ``aws``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autoscaler.core.actions import Intent, Launch
from autoscaler.core.service_settings import ServiceSettings
from autoscaler.core.settings import FleetSettings, QueueSettings, Settings
from autoscaler.core.tasks import Provider

INSTALLATION = "house"
TOKEN = "0123456789abcdef" * 3


def fleet(cluster: str = "pipeline", **options: Any) -> FleetSettings:
    return FleetSettings(
        **{
            "cluster": cluster,
            "task_definition": "worker",
            "container": "main",
            "subnets": ("subnet-1", "subnet-2"),
            **options,
        }
    )


def service(name: str = "workers", cluster: str = "pipeline", **options: Any) -> ServiceSettings:
    return ServiceSettings(cluster, name, "service", **options)


def settings(
    fleets: Mapping[str, FleetSettings] | None = None,
    queues: Mapping[str, str] | None = None,
    fleet_of: Mapping[str, str] | None = None,
    services: Mapping[str, ServiceSettings] | None = None,
) -> Settings:
    """One fleet ``thumbs`` and its queue ``pictures``, unless told otherwise."""
    fleets = fleets or ({} if services else {"thumbs": fleet()})
    services = services or {}
    queues = {"pictures": "pictures-queue"} if queues is None else queues
    first = next(iter([*fleets, *services]))
    return Settings(
        installation=INSTALLATION,
        fleets=fleets,
        services=services,
        queues={
            name: QueueSettings(queue=text, fleet=(fleet_of or {}).get(name, first), policies={})
            for name, text in queues.items()
        },
    )


def intent(
    count: int = 2,
    provider: Provider = Provider.FARGATE,
    token: str = TOKEN,
    stay_until: float | None = None,
) -> Intent:
    return Intent(token, tick=120, n=0, launch=Launch(provider, count, stay_until), saved_at=120.0)
