"""The EC2 instances of moto's Auto Scaling groups that belong to an ECS cluster.

An instance belongs to the cluster that its user data names, as the ECS-optimized images read it:
``echo ECS_CLUSTER=work >> /etc/ecs/ecs.config``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from autoscaler.local.ecs.model import Place

_CLUSTER = re.compile(r"ECS_CLUSTER=[\"']?([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True)
class Machine:
    """An instance that its group has in service."""

    id: str
    kind: str
    """Its instance type."""
    group: str
    cluster: str
    place: Place


class Machines(Protocol):
    """Where instances come from."""

    def in_service(self) -> Iterator[Machine]:
        """All there are now, of every cluster."""


class MotoMachines:
    """Reads moto's Auto Scaling, where anybody has used it yet: its import takes a second."""

    def in_service(self) -> Iterator[Machine]:
        """See Machines."""
        models = sys.modules.get("moto.autoscaling.models")
        if models is None:
            return
        for account, backends in list(models.autoscaling_backends.items()):
            for region, backend in list(backends.items()):
                for group in list(backend.autoscaling_groups.values()):
                    yield from _of_group(group, Place(account, region))


def _of_group(group: Any, place: Place) -> Iterator[Machine]:
    cluster = _cluster(group.user_data)
    if cluster:
        for state in list(group.instance_states):
            if state.lifecycle_state == "InService":
                kind = state.instance_type
                yield Machine(state.instance_id, kind, group.name, cluster, place)


def _cluster(user_data: Any) -> str | None:
    found = _CLUSTER.search(user_data.decode()) if user_data else None
    return found[1] if found else None
