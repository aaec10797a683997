"""Statements for looking at queues, metrics, tasks and definitions: none changes anything."""

from __future__ import annotations

from autoscaler.core.advice import needs_price
from autoscaler.operations.permissions import instances, steering
from autoscaler.operations.permissions.names import cluster_arn, tasks_arn
from autoscaler.operations.permissions.statement import Statement, distinct
from autoscaler.operations.permissions.subject import Subject


def looking(subject: Subject) -> list[Statement]:
    """What every tick asks."""
    return [
        *queues(subject),
        *metrics(),
        *tasks(subject),
        *steering.looking(subject),
        *instances.looking(subject),
    ]


def queues(subject: Subject) -> list[Statement]:
    """Counts of queues and of their dead-letter queues."""
    found = list(subject.queues())
    counted = distinct(facts.arn for _, facts in found)
    unaddressed = distinct(facts.arn for queue, facts in found if "://" not in queue.queue)
    dead = distinct(facts.dead_letters for _, facts in found if facts.dead_letters)
    statements = [
        Statement(
            "ReadQueues",
            "Counts the messages of each queue, and learns which queue its dead letters go to.",
            ("sqs:GetQueueAttributes",),
            counted,
        ),
        Statement(
            "FindQueues",
            "Turns the name or ARN of a queue into the URL that SQS is asked with.",
            ("sqs:GetQueueUrl",),
            unaddressed,
        ),
        Statement(
            "ReadDeadLetters",
            "Counts dead letters, for the metric and the alarm on it.",
            ("sqs:GetQueueAttributes",),
            dead,
        ),
    ]
    return [one for one in statements if one.resources]


def metrics() -> list[Statement]:
    """CloudWatch takes no narrower resource than all metrics."""
    return [
        Statement(
            "ReadMetrics",
            "Reads the age of the oldest message, what was sent and deleted, and the metrics that "
            "policies ask for. CloudWatch has no resources to name here.",
            ("cloudwatch:GetMetricData",),
            ("*",),
        )
    ]


def tasks(subject: Subject) -> list[Statement]:
    """The clusters' tasks."""
    clusters = distinct(cluster_arn(site, fleet.cluster) for site, fleet in subject.every())
    in_clusters = {"ArnEquals": {"ecs:cluster": clusters}}
    return [
        Statement(
            "ListTasks",
            "Lists the installation's tasks. ECS knows no resource for it, only the cluster as a "
            "condition.",
            ("ecs:ListTasks",),
            ("*",),
            in_clusters,
        ),
        Statement(
            "DescribeTasks",
            "Sees whether tasks are starting, running or stopped, and why they stopped.",
            ("ecs:DescribeTasks",),
            distinct(tasks_arn(site, fleet.cluster) for site, fleet in subject.every()),
            in_clusters,
        ),
    ]


def prices(subject: Subject) -> list[Statement]:
    """Only where a policy asks what a task costs."""
    rules = (one for one in subject.settings.rulebook().fleets if one.name in subject.names)
    return definitions() if any(map(needs_price, rules)) else []


def definitions() -> list[Statement]:
    """Task definitions; ECS takes no narrower resource."""
    return [
        Statement(
            "ReadDefinitions",
            "Reads the task definition: whether it is active and has the container, and its size "
            "for prices. ECS has no resources to name here.",
            ("ecs:DescribeTaskDefinition",),
            ("*",),
        )
    ]


def shown(subject: Subject) -> list[Statement]:
    """What people are shown of the start, and of what the tasks of services are and cost."""
    return start(subject) or definitions()


def start(subject: Subject) -> list[Statement]:
    """What `run`, `tick` and `plan` look at before they begin, and what prices take."""
    clusters = distinct(cluster_arn(site, fleet.cluster) for site, fleet in subject.fleets())
    if not clusters:
        return prices(subject)
    return [
        *definitions(),
        Statement(
            "CheckClusters",
            "Looks before the start whether each cluster is there and has the capacity providers.",
            ("ecs:DescribeClusters",),
            clusters,
        ),
    ]
