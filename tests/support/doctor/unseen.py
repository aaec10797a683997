"""Facts of which nothing was seen, for tests that give the few that matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from autoscaler.core.model import Unknown
from autoscaler.core.service import ScaleIn
from autoscaler.core.service_settings import ServiceSettings
from autoscaler.core.settings import FleetSettings, QueueSettings, Settings
from autoscaler.operations.doctor.check import Check
from autoscaler.operations.doctor.facts import Facts, FleetFacts, QueueFacts, ServiceFacts

NOT_SEEN = Unknown("nobody looked")


def settings(**fleet: Any) -> Settings:
    bare = {"cluster": "c", "task_definition": "d", "container": "worker", "subnets": ("s",)}
    return Settings(
        installation="house",
        fleets={"workers": FleetSettings(**{**bare, **fleet})},
        queues={"jobs": QueueSettings(queue="jobs", fleet="workers", policies={})},
    )


def queue_facts(policies: dict[str, Any] | None = None, **seen: Any) -> QueueFacts:
    told = settings()
    queue = QueueSettings(queue="jobs", fleet="workers", policies=policies or {})
    fixed = {
        "name": "jobs",
        "settings": queue,
        "fleet": told.fleets["workers"],
        "period": 120.0,
        "now": 1e6,
    }
    return QueueFacts(**_unseen(QueueFacts) | fixed | seen)


def fleet_facts(fleet: dict[str, Any] | None = None, **seen: Any) -> FleetFacts:
    fixed = {
        "name": "workers",
        "settings": settings(**fleet or {}).fleets["workers"],
        "installation": "house",
        "account": {"region": "eu-west-2", "role": None},
    }
    return FleetFacts(**_unseen(FleetFacts) | fixed | seen)


def service_facts(protected: bool = True, **seen: Any) -> ServiceFacts:
    chosen = ServiceSettings("c", "encoders", "service", scale_in=ScaleIn(protected=protected))
    fixed = {"name": "encoders", "settings": chosen}
    return ServiceFacts(**_unseen(ServiceFacts) | fixed | seen)


def facts(
    queues: tuple[QueueFacts, ...] = (), fleets: tuple[FleetFacts, ...] = (), **seen: Any
) -> Facts:
    fixed = {
        "settings": settings(),
        "queues": {one.name: one for one in queues or (queue_facts(),)},
        "fleets": {one.name: one for one in fleets or (fleet_facts(),)},
        "services": {"encoders": service_facts()},
    }
    return Facts(**_unseen(Facts) | fixed | seen)


def definition(**container: Any) -> dict[str, Any]:
    """A task definition of one container."""
    worker = {"name": "worker", "image": "worker:1", **container}
    return {"family": "d", "cpu": "1024", "memory": "2048", "containerDefinitions": [worker]}


def found(check: Check[Any], seen: object) -> Sequence[str]:
    return [*check.judge(seen)]


def _unseen(kind: type[Any]) -> dict[str, Any]:
    return {one.name: NOT_SEEN for one in fields(kind)}
