"""Statements for `autoscaler doctor`: it only reads, and tells what it was not allowed to see."""

from __future__ import annotations

from collections.abc import Iterable

from autoscaler.core.settings import MemoryInDynamoDb, Settings
from autoscaler.operations.permissions import acting, dispatching, instances, looking_at
from autoscaler.operations.permissions.encryption import OF_AWS, located
from autoscaler.operations.permissions.facts import Facts, Site
from autoscaler.operations.permissions.names import cluster_arn
from autoscaler.operations.permissions.statement import Statement, distinct
from autoscaler.operations.permissions.subject import Subject, at_home


def examining(settings: Settings, facts: Facts) -> list[Statement]:
    """What the checks look at. Fleets in a role are looked at with what their role may."""
    subject = at_home(settings, facts)
    if not subject.names:
        return []
    sites = [site for site, _ in subject.every()]
    return [
        *_queues(subject),
        *looking_at.tasks(subject),
        *looking_at.shown(subject),
        *_around(subject, sites),
        *_roles(sites),
        *_keys(subject),
        *dispatching.examining(subject),
        *instances.looking(subject),
        *acting.check_table(settings, facts),
        *_memory(settings, facts),
        *_open(),
    ]


def _queues(subject: Subject) -> list[Statement]:
    named = distinct(facts.arn for _, facts in subject.queues())
    dead = distinct(facts.dead_letters for _, facts in subject.queues() if facts.dead_letters)
    statements = [
        Statement(
            "ExamineQueues",
            "Finds queues, reads their settings and whose dead letters they take.",
            ("sqs:GetQueueUrl", "sqs:GetQueueAttributes", "sqs:ListDeadLetterSourceQueues"),
            named,
        ),
        Statement(
            "ExamineDeadLetters",
            "Reads the settings of dead-letter queues.",
            ("sqs:GetQueueAttributes",),
            dead,
        ),
    ]
    return [one for one in statements if one.resources]


def _around(subject: Subject, sites: Iterable[Site]) -> list[Statement]:
    services = distinct(
        f"{cluster_arn(site, fleet.cluster).replace(':cluster/', ':service/')}/*"
        for site, fleet in subject.every()
    )
    images = distinct(arn for one in subject.definitions() for arn in one.repositories)
    statements = [
        Statement(
            "ExamineServices",
            "Sees whether a service of the cluster works on the same tasks.",
            ("ecs:DescribeServices",),
            services,
        ),
        Statement(
            "ExamineImages",
            "Reads an image's manifest: whether it is there, and for which processor.",
            ("ecr:BatchGetImage",),
            images,
        ),
        Statement(
            "ExamineQuotas",
            "Reads how many vCPUs Fargate may run at a time.",
            ("servicequotas:GetServiceQuota",),
            distinct(site.arn("servicequotas", "fargate/*") for site in sites),
        ),
        Statement(
            "ExamineAlarms",
            "Sees whether anybody is told when messages wait or fail.",
            ("cloudwatch:DescribeAlarms",),
            distinct(site.arn("cloudwatch", "alarm:*") for site in sites),
        ),
        Statement(
            "ExamineFunctions",
            "Reads the time-outs of Lambda functions that receive from the same queue, and how the "
            "controller's own is invoked.",
            ("lambda:GetFunctionConfiguration", "lambda:GetFunctionEventInvokeConfig"),
            distinct(site.arn("lambda", "function:*") for site in sites),
        ),
        Statement(
            "ExamineSchedules",
            "Reads the schedule of the controller's function.",
            ("scheduler:GetSchedule",),
            distinct(site.arn("scheduler", "schedule/*") for site in sites),
        ),
    ]
    return [one for one in statements if one.resources]


def _roles(sites: Iterable[Site]) -> list[Statement]:
    return [
        Statement(
            "ExamineRoles",
            "Reads the roles of the task definition, of the controller and of ECS, and asks IAM "
            "what they may do, without doing it.",
            ("iam:GetRole", "iam:SimulatePrincipalPolicy"),
            distinct(site.role("*") for site in sites),
        )
    ]


def _keys(subject: Subject) -> list[Statement]:
    """Of a key that is named by alias, the id is what is asked for."""
    found = [located(site, key) for site, key in subject.keyed_queues() if OF_AWS not in key]
    if not found:
        return []
    return [
        Statement(
            "ExamineKeys",
            "Sees whether the key of an encrypted queue is in use.",
            ("kms:DescribeKey",),
            distinct(
                site.arn("kms", "key/*" if key.startswith("alias/") else f"key/{key}")
                for site, key in found
            ),
        )
    ]


def _memory(settings: Settings, facts: Facts) -> list[Statement]:
    if not isinstance(settings.store, MemoryInDynamoDb):
        return []
    [keep] = acting.memory(settings, facts)
    return [
        Statement(
            "ExamineMemory",
            "Reads what the controller has learned: how long messages and start-ups take.",
            ("dynamodb:GetItem",),
            keep.resources,
            {
                "ForAllValues:StringLike": {
                    "dynamodb:LeadingKeys": f"memory#{settings.installation}#*"
                }
            },
        )
    ]


def _open() -> list[Statement]:
    return [
        Statement(
            "FindSchedules",
            "Finds whatever invokes the controller's function. AWS has no resources to name here.",
            ("scheduler:ListSchedules", "events:ListRuleNamesByTarget"),
            ("*",),
        ),
        Statement(
            "ExamineSurroundings",
            "Lists services, scaling targets, functions' queues, log groups and the network. AWS "
            "has no resources to name here.",
            (
                "ecs:ListServices",
                "application-autoscaling:DescribeScalableTargets",
                "lambda:ListEventSourceMappings",
                "logs:DescribeLogGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeRouteTables",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeVpcEndpoints",
            ),
            ("*",),
        ),
    ]
