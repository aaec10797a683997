"""Looks at everything that may work on one queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from autoscaler.aws.addresses import queue_address
from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.troubles import unexpected
from autoscaler.core.errors import ConfigurationError
from autoscaler.operations.dead_queue import asking
from autoscaler.operations.mode.definition import Definition, registrable
from autoscaler.operations.mode.protection import protected
from autoscaler.operations.mode.seen import Deployment, FleetSeen, MappingSeen, Seen, ServiceSeen
from autoscaler.operations.mode.subject import Controller, Subject
from autoscaler.operations.permissions.queue import queue_facts

_SUSPENDED = (
    "DynamicScalingInSuspended",
    "DynamicScalingOutSuspended",
    "ScheduledScalingSuspended",
)
"""With all three, Application Auto Scaling leaves a target alone [SuspendedState]."""


def look(clients: Clients, subject: Subject) -> Seen:
    """See who works on a queue now.

    Raises:
        ConfigurationError: what the configuration names is not there.
        AutoscalerError: AWS cannot be asked.
    """
    service = _service(clients, subject)
    if not service.settled:
        service = replace(service, protected=_protected(clients, subject))
    return Seen(
        service=service,
        mappings=_mappings(clients, subject),
        fleet=_fleet(subject.controller) if subject.controller else None,
    )


def _protected(clients: Clients, subject: Subject) -> int:
    ecs = clients.ecs(subject.place.region, subject.place.role)
    with asking(f"look which tasks of {subject.modes.service} are protected"):
        return protected(ecs, subject)


def _fleet(controller: Controller) -> FleetSeen:
    return FleetSeen(controller.fleet, controller.paused(), controller.live())


def _service(clients: Clients, subject: Subject) -> ServiceSeen:
    name, ecs = subject.modes.service, clients.ecs(subject.place.region, subject.place.role)
    with asking(f"look at the service {name}"):
        answer = ecs.describe_services(cluster=subject.cluster, services=[name])
    if not answer.get("services"):
        raise ConfigurationError(
            f"there is no service {name} in the cluster {subject.cluster}; create it, or correct "
            "modes.service or modes.cluster"
        )
    told: Mapping[str, Any] = answer["services"][0]
    arn, definition = _definition(clients, subject.place, told["taskDefinition"])
    family = definition["family"]
    latest = _definition(clients, subject.place, family)
    return ServiceSeen(
        name=name,
        desired=told["desiredCount"],
        running=told["runningCount"],
        pending=told["pendingCount"],
        arn=arn,
        definition=definition,
        latest_arn=latest[0],
        latest=latest[1],
        deployments=tuple(_deployments(told)),
        trouble=_trouble(told),
        scaled=_scaled(clients, subject),
    )


def _definition(clients: Clients, place: Place, text: str) -> tuple[str, Definition]:
    ecs = clients.ecs(place.region, place.role)
    with asking(f"look at the task definition {text}"):
        answer = ecs.describe_task_definition(taskDefinition=text, include=["TAGS"])
        if "taskDefinition" not in answer:
            raise unexpected("DescribeTaskDefinition")
    model = ecs.meta.service_model.operation_model("RegisterTaskDefinition").input_shape
    return answer["taskDefinition"]["taskDefinitionArn"], registrable(answer, model)


def _deployments(told: Mapping[str, Any]) -> Iterator[Deployment]:
    for one in told.get("deployments", ()):
        yield Deployment(
            one["taskDefinition"],
            one.get("runningCount", 0),
            one.get("pendingCount", 0),
            one.get("rolloutState"),
            one.get("rolloutStateReason", ""),
        )


def _trouble(told: Mapping[str, Any]) -> str | None:
    name, status = told["serviceName"], told.get("status", "ACTIVE")
    if status != "ACTIVE":
        return f"the service {name} is {status}; create it anew"
    controller = told.get("deploymentController", {}).get("type", "ECS")
    if controller != "ECS":
        return (
            f"the service {name} is deployed by {controller}, and ECS takes no new revision for it "
            "by UpdateService; use a service with the deployment controller ECS"
        )
    if told.get("schedulingStrategy") == "DAEMON":
        return f"the service {name} is a daemon: it has no desired count; use a replica service"
    return None


def _scaled(clients: Clients, subject: Subject) -> bool:
    cluster = subject.cluster.rpartition("/")[2]
    scaling = clients.service("application-autoscaling", subject.place)
    with asking(f"look whether Application Auto Scaling changes {subject.modes.service}"):
        answer = scaling.describe_scalable_targets(
            ServiceNamespace="ecs",
            ResourceIds=[f"service/{cluster}/{subject.modes.service}"],
            ScalableDimension="ecs:service:DesiredCount",
        )
    return any(not _suspended(one) for one in answer.get("ScalableTargets", ()))


def _suspended(target: Mapping[str, Any]) -> bool:
    return all(target.get("SuspendedState", {}).get(name) for name in _SUSPENDED)


def _mappings(clients: Clients, subject: Subject) -> tuple[MappingSeen, ...]:
    address = queue_address(subject.queue)
    place = Place(address.region or subject.place.region, subject.place.role)
    with asking(f"look for Lambda functions that receive from {address.name}"):
        arn = queue_facts(clients.sqs(place.region, place.role), address).arn
        pages = clients.service("lambda", place).get_paginator("list_event_source_mappings")
        found = [
            one
            for page in pages.paginate(EventSourceArn=arn)
            for one in page.get("EventSourceMappings", ())
        ]
    return tuple(
        MappingSeen(one["UUID"], function_name(one["FunctionArn"]), one["State"]) for one in found
    )


def function_name(arn: str) -> str:
    """A function's name, with the alias where there is one."""
    return arn.rpartition(":function:")[2] or arn
