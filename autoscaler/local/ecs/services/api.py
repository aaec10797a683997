"""The service operations of the ECS API."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.errors import invalid, service_not_found
from autoscaler.local.ecs.paging import read_page, read_token, token
from autoscaler.local.ecs.requests import read_tags
from autoscaler.local.ecs.services import requests, scheduler
from autoscaler.local.ecs.services.model import Service
from autoscaler.local.ecs.services.rendering import render_service
from autoscaler.local.ecs.services.shelf import Services

if TYPE_CHECKING:
    from collections.abc import Callable

    from autoscaler.local.ecs.bends import Ask
    from autoscaler.local.ecs.catalog import Catalog, Cluster
    from autoscaler.local.ecs.placing import Placement

    Operation = Callable[[Ask], dict[str, Any]]

_DESCRIBED_AT_ONCE = 10
_PAGE = 10


class EcsServices:
    """Answers the service operations; its user sees to it that one at a time is under way."""

    def __init__(self, catalog: Catalog, placement: Placement, clock: Callable[[], float]) -> None:
        self._catalog = catalog
        self._clock = clock
        self._scheduler = scheduler.Scheduler(placement)
        self.shelf = Services()
        self.operations: dict[str, Operation] = {
            "CreateService": self._create,
            "UpdateService": self._update,
            "DeleteService": self._delete,
            "DescribeServices": self._describe,
            "ListServices": self._list,
        }

    def advance(self, now: float) -> bool:
        """Take every service a step on; return whether any is unfinished."""
        for service in self.shelf.all():
            self._scheduler.advance(service, now)
        return not all(scheduler.is_settled(service) for service in self.shelf.all())

    def _create(self, ask: Ask) -> dict[str, Any]:
        cluster, name = self._cluster(ask), requests.read_name(ask.body)
        requests.check_kind(ask.body)
        before = self.shelf.find(cluster.arn, name)
        if before is not None and before.status != "INACTIVE":
            return _again(before, ask.body)
        service = self._read_new(ask, cluster, name)
        self.shelf.add(service)
        self._show(cluster.arn)
        return {"service": render_service(service)}

    def _read_new(self, ask: Ask, cluster: Cluster, name: str) -> Service:
        body, now = ask.body, self._clock()
        if not body.get("taskDefinition"):
            raise invalid("TaskDefinition cannot be empty.")
        asked, tags = requests.told_back(body, {}), read_tags(body.get("tags", []))
        request = requests.read_service(
            requests.Identity(cluster.name, name, tags),
            asked,
            str(body["taskDefinition"]),
            ask.place,
            self._catalog,
        )
        service = Service(
            name=name,
            arn=f"{cluster.arn.replace(':cluster/', ':service/', 1)}/{name}",
            cluster_arn=cluster.arn,
            desired=requests.read_desired(body),
            percentages=requests.read_percentages(asked),
            asked=requests.resolved(asked, request),
            tags=tags,
            created_at=now,
            deployments=[],
            created_by=_parameters(body),
        )
        service.deploy(request, _identity(), now)
        return service

    def _update(self, ask: Ask) -> dict[str, Any]:
        body, now = ask.body, self._clock()
        cluster = self._cluster(ask)
        service = self.shelf.active(cluster.arn, _name(body))
        desired = requests.read_desired(body, service.desired)
        asked = requests.told_back(body, service.asked)
        percentages = requests.read_percentages(asked)
        was = service.primary.request
        definition = str(body["taskDefinition"]) if body.get("taskDefinition") else was.definition
        request = requests.read_service(
            requests.Identity(cluster.name, service.name, service.tags),
            asked,
            definition,
            ask.place,
            self._catalog,
        )
        if requests.is_redeployed(body, service.asked, request, was):
            service.deploy(request, _identity(), now)
        service.primary.request = replace(request, started_by=service.primary.id)
        service.primary.updated_at = now
        service.asked = requests.resolved(asked, request)
        service.desired, service.percentages, service.steady = desired, percentages, False
        return {"service": render_service(service)}

    def _delete(self, ask: Ask) -> dict[str, Any]:
        service = self.shelf.existing(self._cluster(ask).arn, _name(ask.body))
        if service.status == "INACTIVE":
            raise service_not_found()
        if service.desired and not ask.body.get("force"):
            raise invalid("The service cannot be stopped while it is scaled above 0.")
        scheduler.end(service, self._clock())
        self._show(service.cluster_arn)
        return {"service": render_service(service)}

    def _describe(self, ask: Ask) -> dict[str, Any]:
        cluster, names = self._cluster(ask), ask.body.get("services", [])
        if not names:
            raise invalid("Services cannot be empty.")
        if len(names) > _DESCRIBED_AT_ONCE:
            raise invalid(f"At most {_DESCRIBED_AT_ONCE} services can be described at once.")
        found = {name: self.shelf.find(cluster.arn, name) for name in names}
        with_tags = "TAGS" in ask.body.get("include", [])
        return {
            "services": [render_service(one, with_tags=with_tags) for one in found.values() if one],
            "failures": [
                {"arn": _full_arn(cluster, name), "reason": "MISSING"}
                for name, one in found.items()
                if one is None
            ],
        }

    def _list(self, ask: Ask) -> dict[str, Any]:
        size, after = read_page(ask.body, _PAGE), read_token(ask.body)
        listed = [
            service
            for service in self.shelf.of_cluster(self._cluster(ask).arn)
            if service.status == "ACTIVE" and service.name > after and _matches(service, ask.body)
        ]
        answer: dict[str, Any] = {"serviceArns": [service.arn for service in listed[:size]]}
        if len(listed) > size:
            answer["nextToken"] = token(listed[size - 1].name)
        return answer

    def _show(self, cluster_arn: str) -> None:
        mine = self.shelf.of_cluster(cluster_arn)
        names = [service.name for service in mine if service.status == "ACTIVE"]
        self._catalog.show_services(cluster_arn, names)

    def _cluster(self, ask: Ask) -> Cluster:
        return self._catalog.cluster(ask.place, ask.cluster)


def _again(service: Service, body: dict[str, Any]) -> dict[str, Any]:
    if service.status == "DRAINING":
        raise invalid("Unable to Start a service that is still Draining.")
    if service.created_by != _parameters(body):
        raise invalid("Creation of service was not idempotent.")
    return {"service": render_service(service)}


def _parameters(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != "clientToken"}


def _identity() -> str:
    """A deployment's number: 19 digits, as AWS has them."""
    return str(random.randrange(10**18, 10**19))


def _name(body: dict[str, Any]) -> str:
    return str(body.get("service", ""))


def _full_arn(cluster: Cluster, name: str) -> str:
    prefix = cluster.arn.replace(":cluster/", ":service/", 1)
    return name if name.startswith("arn:") else f"{prefix}/{name}"


def _matches(service: Service, body: dict[str, Any]) -> bool:
    wanted = body.get("launchType")
    return wanted in (None, service.asked.get("launchType")) and (
        body.get("schedulingStrategy", "REPLICA") == "REPLICA"
    )
