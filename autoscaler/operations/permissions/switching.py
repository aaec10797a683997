"""Statements for `autoscaler mode`: the service, its task definition and a function's mapping."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.core.settings import QueueSettings
from autoscaler.operations.permissions.facts import Site
from autoscaler.operations.permissions.names import cluster_arn, service_arn, tasks_arn
from autoscaler.operations.permissions.statement import Statement, distinct
from autoscaler.operations.permissions.subject import Subject


def switching(subject: Subject) -> list[Statement]:
    """What a switch calls, beside what pausing a queue needs."""
    moded = [(name, queue) for name, queue in subject.settings.queues.items() if queue.modes]
    own = [(name, queue) for name, queue in moded if queue.fleet in subject.names]
    if not own:
        return []
    queues = [queue for _, queue in own]
    names = tuple(name for name, _ in own)
    return [
        *_services(subject, queues),
        *_definitions(subject, names),
        *_mappings(subject, queues),
        *_protected(subject, queues),
        *_tasks(subject, queues),
        Statement(
            "SeeConsumers",
            "`mode` finds functions that receive from the queue, and Application Auto Scaling on "
            "the service. AWS has no resources to name here.",
            ("lambda:ListEventSourceMappings", "application-autoscaling:DescribeScalableTargets"),
            ("*",),
        ),
    ]


def _services(subject: Subject, queues: list[QueueSettings]) -> Iterator[Statement]:
    arns = []
    for queue in queues:
        if queue.modes:
            site, fleet = subject.facts.fleets[queue.fleet], subject.settings.fleets[queue.fleet]
            cluster = queue.modes.cluster or fleet.cluster
            arns.append(service_arn(site, cluster, queue.modes.service))
    yield Statement(
        "SwitchServices",
        "`mode` looks at the service that polls in direct mode, and updates it.",
        ("ecs:DescribeServices", "ecs:UpdateService"),
        distinct(arns),
    )


def _definitions(subject: Subject, names: tuple[str, ...]) -> Iterator[Statement]:
    """Where a mode asks for nothing of the task definition, none is registered."""
    shaped = [
        subject.facts.services[name]
        for name in names
        if name in subject.facts.services
        and (modes := subject.settings.queues[name].modes)
        and modes.sized
    ]
    families = distinct(one.definition for one in shaped)
    roles = distinct(role for one in shaped for role in one.roles)
    if families:
        yield Statement(
            "RegisterRevisions",
            "`mode` registers the service's task definition in the shape of the mode, with the "
            "tags it has.",
            ("ecs:RegisterTaskDefinition", "ecs:TagResource"),
            families,
        )
    if roles:
        yield Statement(
            "PassServiceRoles",
            "`mode` registers it with the task role and execution role that it has.",
            ("iam:PassRole",),
            roles,
            {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        )


def _mappings(subject: Subject, queues: list[QueueSettings]) -> Iterator[Statement]:
    """Mappings have ids that nobody chooses; the function is a condition [Lambda keys]."""
    functions = [
        (subject.facts.fleets[queue.fleet], queue.modes.function)
        for queue in queues
        if queue.modes and queue.modes.function
    ]
    if functions:
        yield Statement(
            "SwitchMappings",
            "`mode` switches the function's event source mapping on and off.",
            ("lambda:UpdateEventSourceMapping",),
            distinct(site.arn("lambda", "event-source-mapping:*") for site, _ in functions),
            {"ArnLike": {"lambda:FunctionArn": distinct(_function(*one) for one in functions)}},
        )


def _protected(subject: Subject, queues: list[QueueSettings]) -> Iterator[Statement]:
    """Tasks of services are resources of their cluster."""
    places = [
        (
            subject.facts.fleets[queue.fleet],
            queue.modes.cluster or subject.settings.fleets[queue.fleet].cluster,
        )
        for queue in queues
        if queue.modes
    ]
    yield Statement(
        "LiftProtection",
        "`mode` sees which tasks of the service are protected while they work; with --stop-tasks "
        "it lifts that.",
        ("ecs:GetTaskProtection", "ecs:UpdateTaskProtection"),
        distinct(tasks_arn(site, cluster) for site, cluster in places),
        {"ArnEquals": {"ecs:cluster": distinct(cluster_arn(*one) for one in places)}},
    )


def _tasks(subject: Subject, queues: list[QueueSettings]) -> Iterator[Statement]:
    """Where the other consumer is a fleet."""
    names = [one.fleet for one in queues if one.modes and not one.modes.function]
    fleets = [(subject.facts.fleets[name], subject.settings.fleets[name]) for name in names]
    if fleets:
        clusters = distinct(cluster_arn(site, fleet.cluster) for site, fleet in fleets)
        yield Statement(
            "StopTasks",
            "`mode direct --stop-tasks` asks the fleet's tasks to stop.",
            ("ecs:StopTask",),
            distinct(tasks_arn(site, fleet.cluster) for site, fleet in fleets),
            {"ArnEquals": {"ecs:cluster": clusters}},
        )


def _function(site: Site, name: str) -> str:
    return site.arn("lambda", f"function:{name}")
