"""Statements for what a tick changes: tasks are launched, and the memory is kept."""

from __future__ import annotations

from collections.abc import Iterator

from autoscaler.core.notify_settings import SnsTopic
from autoscaler.core.settings import MemoryInDynamoDb, Settings
from autoscaler.operations.permissions.dispatching import dispatching
from autoscaler.operations.permissions.facts import Facts, Site
from autoscaler.operations.permissions.instances import scaling
from autoscaler.operations.permissions.names import (
    cluster_arn,
    definition_arn,
    table_arn,
    tasks_arn,
)
from autoscaler.operations.permissions.statement import Statement, distinct
from autoscaler.operations.permissions.steering import setting
from autoscaler.operations.permissions.subject import Subject


def launching(subject: Subject) -> list[Statement]:
    """RunTask, and what ECS authorizes along with it."""
    launched = [*_run(subject), *_tags(subject), *_roles(subject)]
    return [*launched, *dispatching(subject), *setting(subject), *scaling(subject)]


def _run(subject: Subject) -> Iterator[Statement]:
    """One for each cluster, so that a task definition is launched only where it belongs."""
    by_cluster: dict[str, list[str]] = {}
    for site, fleet in subject.fleets():
        definitions = by_cluster.setdefault(cluster_arn(site, fleet.cluster), [])
        definitions.append(definition_arn(site, fleet.task_definition))
    for cluster, definitions in by_cluster.items():
        yield Statement(
            "LaunchTasks",
            "Launches tasks: of this task definition only, in this cluster only.",
            ("ecs:RunTask",),
            distinct(definitions),
            {"ArnEquals": {"ecs:cluster": (cluster,)}},
        )


def _tags(subject: Subject) -> Iterator[Statement]:
    arns = distinct(
        tasks_arn(site, fleet.cluster) for site, fleet in subject.fleets() if fleet.tags
    )
    if arns:
        yield Statement(
            "TagTasks",
            "Gives tasks the fleet's tags as they are launched; tasks that run cannot be tagged "
            "with it.",
            ("ecs:TagResource",),
            arns,
            {"StringEquals": {"ecs:CreateAction": "RunTask"}},
        )


def _roles(subject: Subject) -> Iterator[Statement]:
    roles = distinct(role for one in subject.launched() for role in one.roles)
    if roles:
        yield Statement(
            "PassRoles",
            "Hands the task definition's own task role and execution role to ECS tasks, to no "
            "other service.",
            ("iam:PassRole",),
            roles,
            {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        )


def memory(settings: Settings, facts: Facts) -> list[Statement]:
    """Where the memory is in DynamoDB: its own items, of its own table."""
    if not isinstance(settings.store, MemoryInDynamoDb):
        return []
    keys = tuple(f"{kind}#{settings.installation}#*" for kind in ("memory", "aside"))
    return [
        Statement(
            "KeepMemory",
            "Loads and saves what one tick leaves for the next, and puts aside what cannot be "
            "read: items of this installation only.",
            ("dynamodb:BatchGetItem", "dynamodb:UpdateItem", "dynamodb:PutItem"),
            (table_arn(_store_site(settings.store, facts), settings.store.table),),
            {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}},
        )
    ]


def notifying(settings: Settings) -> list[Statement]:
    """Where people are told by SNS."""
    places = settings.notify.to.values()
    topics = distinct(one.topic for one in places if isinstance(one, SnsTopic))
    if not topics:
        return []
    return [
        Statement(
            "TellPeople",
            "Tells people by SNS what goes wrong and that it is over.",
            ("sns:Publish",),
            topics,
        )
    ]


def check_table(settings: Settings, facts: Facts) -> list[Statement]:
    """Looked at before the start."""
    if not isinstance(settings.store, MemoryInDynamoDb):
        return []
    return [
        Statement(
            "CheckTable",
            "Looks before the start whether the table is there and has the right key.",
            ("dynamodb:DescribeTable",),
            (table_arn(_store_site(settings.store, facts), settings.store.table),),
        )
    ]


def _store_site(store: MemoryInDynamoDb, facts: Facts) -> Site:
    home = facts.home
    return Site(home.partition, store.region or home.region, home.account)


def assuming(settings: Settings) -> list[Statement]:
    """The roles of fleets in other accounts, say."""
    roles = distinct(fleet.role for fleet in settings.every_fleet.values() if fleet.role)
    if not roles:
        return []
    return [
        Statement(
            "AssumeFleetRoles",
            "Takes the role that a fleet names, for its queues, metrics and tasks.",
            ("sts:AssumeRole",),
            roles,
        )
    ]
