"""Statements for people: what the verbs call that no controller does."""

from __future__ import annotations

from autoscaler.core.settings import Settings
from autoscaler.operations.permissions import acting, looking_at
from autoscaler.operations.permissions.encryption import key_statements
from autoscaler.operations.permissions.facts import Facts
from autoscaler.operations.permissions.names import cluster_arn
from autoscaler.operations.permissions.statement import Statement, distinct
from autoscaler.operations.permissions.subject import Subject, at_home
from autoscaler.operations.permissions.switching import switching


def operating(settings: Settings, facts: Facts) -> list[Statement]:
    """For `plan`, `pause`, `mode`, `dlq`, `config check --aws`, `trace fetch`, `init`, `iam`.

    Queues of fleets in a role are that role's account's: who looks after their dead letters has
    credentials there.
    """
    own = at_home(settings, facts)
    statements = []
    if own.names:
        looks = (*looking_at.looking(own), *looking_at.shown(own))
        statements += [one for one in looks if one.sid != "FindQueues"]
    statements += [*acting.memory(settings, facts), *acting.check_table(settings, facts)]
    statements += acting.assuming(settings)
    return [
        *statements,
        *_queues(own),
        *_dead_letters(own),
        *switching(own),
        *_beginning(own),
    ]


def _queues(subject: Subject) -> list[Statement]:
    named = distinct(facts.arn for _, facts in subject.queues())
    dead = distinct(facts.dead_letters for _, facts in subject.queues() if facts.dead_letters)
    if not named:
        return []
    return [
        Statement(
            "FindQueues",
            "Finds queues by their names, and a dead-letter queue by that of one it belongs to.",
            ("sqs:GetQueueUrl", "sqs:ListDeadLetterSourceQueues"),
            distinct((*named, *dead)),
        )
    ]


def _dead_letters(subject: Subject) -> list[Statement]:
    sources = distinct(facts.arn for _, facts in subject.queues() if facts.dead_letters)
    dead = distinct(facts.dead_letters for _, facts in subject.queues() if facts.dead_letters)
    if not dead:
        return []
    return [
        Statement(
            "SeeDeadLetters",
            "`dlq show` tells of past moves; `dlq peek` receives a sample and gives it back.",
            ("sqs:ListMessageMoveTasks", "sqs:ReceiveMessage", "sqs:ChangeMessageVisibility"),
            dead,
        ),
        Statement(
            "MoveDeadLetters",
            "`dlq redrive` has SQS move messages, which receives and deletes them on your behalf.",
            ("sqs:StartMessageMoveTask", "sqs:CancelMessageMoveTask", "sqs:DeleteMessage"),
            dead,
        ),
        Statement(
            "TakeBackDeadLetters",
            "`dlq redrive` has SQS send them to the queue they came from, on your behalf.",
            ("sqs:SendMessage",),
            sources,
        ),
        Statement(
            "PurgeDeadLetters",
            "`dlq purge` deletes all of them for good. Leave it out for those who should not.",
            ("sqs:PurgeQueue",),
            dead,
        ),
        *key_statements(
            subject.keyed_queues(),
            ("kms:Decrypt", "kms:GenerateDataKey"),
            "`dlq peek` and `dlq redrive` of queues that are encrypted with a key of yours.",
        ),
    ]


def _beginning(subject: Subject) -> list[Statement]:
    if not subject.names:
        return []
    clusters = distinct(cluster_arn(site, fleet.cluster) for site, fleet in subject.every())
    return [
        Statement(
            "SeeServices",
            "`init --from-service` reads how a service's tasks are run.",
            ("ecs:DescribeServices",),
            tuple(f"{arn.replace(':cluster/', ':service/')}/*" for arn in clusters),
        ),
        Statement(
            "SeeNetworks",
            "`init` finds the default network. EC2 has no resources to name here.",
            ("ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"),
            ("*",),
        ),
    ]
