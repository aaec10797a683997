"""Clusters and task definitions, read from moto, so that however they were made they count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from autoscaler.local.ecs.errors import client_error, cluster_not_found
from autoscaler.local.ecs.model import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


@dataclass(frozen=True, slots=True)
class Cluster:
    """What launching needs to know of a cluster."""

    name: str
    arn: str
    providers: tuple[str, ...]
    default_strategy: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """What launching needs to know of a task definition; `containers` as it was registered."""

    arn: str
    family: str
    network_mode: str
    requires: tuple[str, ...]
    cpu: str
    memory: str
    containers: tuple[dict[str, Any], ...]
    tags: tuple[dict[str, str], ...]


class Catalog(Protocol):
    """Where clusters and task definitions come from."""

    def cluster(self, place: Place, name: str) -> Cluster:
        """Return the active cluster of this name or ARN, or raise ClusterNotFoundException."""

    def definition(self, place: Place, name: str) -> Definition:
        """Return an active task definition by family, family:revision or ARN.

        A family alone means its latest active revision. Raises ClientException.
        """

    def show_counts(self, cluster_arn: str, *, running: int, pending: int) -> None:
        """Let DescribeClusters tell how many tasks a cluster has."""

    def show_services(self, cluster_arn: str, names: Collection[str]) -> None:
        """Let others of moto's services, such as Application Auto Scaling, know these ones."""


class MotoCatalog:
    """Reads moto's ECS. It is imported at the first use: that takes two seconds."""

    def cluster(self, place: Place, name: str) -> Cluster:
        """See Catalog."""
        found = _backend(place).clusters.get(name.rsplit("/", 1)[-1])
        if (
            found is None
            or found.status != "ACTIVE"
            or (name.startswith("arn:") and found.arn != name)
        ):
            raise cluster_not_found()
        return Cluster(
            found.name,
            found.arn,
            tuple(found.capacity_providers or ()),
            tuple(found.default_capacity_provider_strategy or ()),
        )

    def definition(self, place: Place, name: str) -> Definition:
        """See Catalog."""
        family, _, revision = name.rsplit("/", 1)[-1].partition(":")
        revisions = _backend(place).task_definitions.get(family, {})
        return _as_definition(_pick(revisions, revision))

    def show_counts(self, cluster_arn: str, *, running: int, pending: int) -> None:
        """See Catalog."""
        backend, name = _home(cluster_arn)
        found = backend.clusters.get(name)
        if found is not None:
            found.running_tasks_count = running
            found.pending_tasks_count = pending

    def show_services(self, cluster_arn: str, names: Collection[str]) -> None:
        """See Catalog. They are shadows: all that is asked about them is whether they exist."""
        from moto.ecs.models import Service  # noqa: PLC0415  (two seconds of import, put off)

        backend, cluster_name = _home(cluster_arn)
        cluster = backend.clusters[cluster_name]
        for key in [each for each in backend.services if each.startswith(f"{cluster_name}:")]:
            del backend.services[key]
        for name in names:
            backend.services[f"{cluster_name}:{name}"] = Service(cluster, name, 0, backend)
        cluster.active_services_count = len(names)


def _home(cluster_arn: str) -> tuple[Any, str]:
    region, account, path = cluster_arn.split(":")[3:6]
    return _backend(Place(account, region)), path.removeprefix("cluster/")


def _backend(place: Place) -> Any:
    from moto.ecs.models import ecs_backends  # noqa: PLC0415  (two seconds of import, put off)

    return ecs_backends[place.account][place.region]


def _pick(revisions: dict[int, Any], revision: str) -> Any:
    if revision:
        found = revisions.get(int(revision)) if revision.isdigit() else None
    else:
        active = [number for number in revisions if revisions[number].status == "ACTIVE"]
        found = revisions[max(active)] if active else None
    if found is None:
        raise client_error("TaskDefinition not found.")
    if found.status != "ACTIVE":
        raise client_error("TaskDefinition is inactive")
    return found


def _as_definition(found: Any) -> Definition:
    containers: Sequence[dict[str, Any]] = found.container_definitions
    return Definition(
        arn=found.arn,
        family=found.family,
        network_mode=found.network_mode or "bridge",
        requires=tuple(found.requires_compatibilities or ()),
        cpu=str(found.cpu or sum(int(each.get("cpu") or 0) for each in containers)),
        memory=str(found.memory or sum(int(each.get("memory") or 0) for each in containers)),
        containers=tuple(containers),
        tags=tuple(found.tags or ()),
    )
