"""The services there are, and those that were deleted not long ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoscaler.local.ecs.errors import EcsError, service_not_found

if TYPE_CHECKING:
    from autoscaler.local.ecs.services.model import Service

_INACTIVE_FOR = 3600.0  # seconds a deleted service can be described; AWS promises no time at all


class Services:
    """Services by cluster and name."""

    def __init__(self) -> None:
        self._services: dict[tuple[str, str], Service] = {}

    def add(self, service: Service) -> None:
        """Enter a new service; one that was deleted under this name is forgotten."""
        self._services[service.cluster_arn, service.name] = service

    def all(self) -> list[Service]:
        """All services of all clusters."""
        return list(self._services.values())

    def of_cluster(self, cluster_arn: str) -> list[Service]:
        """The services of this cluster, by name."""
        mine = (each for each in self._services.values() if each.cluster_arn == cluster_arn)
        return sorted(mine, key=lambda service: service.name)

    def find(self, cluster_arn: str, name: str) -> Service | None:
        """Return a service of this cluster by its name or ARN."""
        found = self._services.get((cluster_arn, name.rsplit("/", 1)[-1]))
        return None if found is None or (name.startswith("arn:") and found.arn != name) else found

    def by_arn(self, arn: str) -> Service | None:
        """Return a service of any cluster."""
        return next((each for each in self._services.values() if each.arn == arn), None)

    def existing(self, cluster_arn: str, name: str) -> Service:
        """Return a service of this cluster. Raises ServiceNotFoundException."""
        found = self.find(cluster_arn, name)
        if found is None:
            raise service_not_found()
        return found

    def active(self, cluster_arn: str, name: str) -> Service:
        """Return one that was not deleted. Raises ServiceNotActiveException as well."""
        found = self.existing(cluster_arn, name)
        if found.status != "ACTIVE":
            raise EcsError("ServiceNotActiveException", "Service was not ACTIVE.")
        return found

    def prune(self, now: float) -> None:
        """Forget what was deleted long ago."""
        self._services = {
            key: each
            for key, each in self._services.items()
            if each.inactive_since is None or now - each.inactive_since < _INACTIVE_FOR
        }
