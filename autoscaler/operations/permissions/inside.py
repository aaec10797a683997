"""Statements for what runs inside a task, and for what starts it: its two roles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from autoscaler.operations.permissions.dispatching import carrying
from autoscaler.operations.permissions.encryption import key_statements
from autoscaler.operations.permissions.facts import DefinitionFacts, Wishes
from autoscaler.operations.permissions.statement import Statement, distinct
from autoscaler.operations.permissions.steering import protecting
from autoscaler.operations.permissions.subject import Subject


def working(subject: Subject, wishes: Wishes) -> list[Statement]:
    """What our worker calls; what its handler calls comes on top and is yours to add."""
    arns = distinct(facts.arn for queue, facts in subject.queues() if not subject.dispatched(queue))
    statements = [*carrying(subject), *protecting(subject)]
    if arns:
        statements.append(
            Statement(
                "WorkOnQueues",
                "Receives messages, hides them while they are worked on, gives back or deletes "
                "them; reads the queue's visibility timeout, and its URL where it is named.",
                (
                    "sqs:ReceiveMessage",
                    "sqs:ChangeMessageVisibility",
                    "sqs:DeleteMessage",
                    "sqs:GetQueueAttributes",
                    "sqs:GetQueueUrl",
                ),
                arns,
            )
        )
    why = "Reads messages of a queue that is encrypted with a key of yours."
    statements += key_statements(subject.keyed_queues(), ("kms:Decrypt",), why)
    if wishes.payloads:
        statements.append(
            Statement(
                "FetchPayloads",
                "Fetches bodies too large for a message, and deletes them after success.",
                ("s3:GetObject", "s3:DeleteObject"),
                _objects(subject, wishes),
            )
        )
    return statements


def sending(subject: Subject, wishes: Wishes) -> list[Statement]:
    """What `autoscaler send` and `autoscaler.worker.send` call."""
    arns = distinct(facts.arn for _, facts in subject.queues())
    statements = []
    if arns:
        statements.append(
            Statement(
                "SendMessages",
                "Sends messages; asks for the queue's URL where it is named, and for its limits.",
                ("sqs:SendMessage", "sqs:GetQueueUrl", "sqs:GetQueueAttributes"),
                arns,
            )
        )
    why = "Sends messages to a queue that is encrypted with a key of yours."
    actions = ("kms:GenerateDataKey", "kms:Decrypt")
    statements += key_statements(subject.keyed_queues(), actions, why)
    if wishes.payloads:
        statements.append(
            Statement(
                "PutPayloads",
                "Puts bodies too large for a message into S3.",
                ("s3:PutObject",),
                _objects(subject, wishes),
            )
        )
    return statements


def starting(subject: Subject) -> list[Statement]:
    """What ECS does for a task in its execution role, before and while it runs."""
    definitions = list(subject.definitions())
    return [*_images(definitions), *_logs(definitions), *_values(definitions)]


def _images(definitions: Iterable[DefinitionFacts]) -> Iterator[Statement]:
    repositories = distinct(arn for one in definitions for arn in one.repositories)
    if not repositories:
        return
    yield Statement(
        "LogInToEcr",
        "Logs in to the registry. ECR has no resources to name here.",
        ("ecr:GetAuthorizationToken",),
        ("*",),
    )
    yield Statement(
        "PullImages",
        "Pulls the containers' images from their repositories.",
        ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
        repositories,
    )


def _logs(definitions: Iterable[DefinitionFacts]) -> Iterator[Statement]:
    groups = [group for one in definitions for group in one.log_groups]
    if groups:
        yield Statement(
            "WriteTaskLogs",
            "Writes the containers' lines to their log groups.",
            ("logs:CreateLogStream", "logs:PutLogEvents"),
            distinct(group.arn for group in groups),
        )
    made = distinct(group.arn for group in groups if group.create)
    if made:
        yield Statement(
            "MakeLogGroups",
            "Makes the log group, as awslogs-create-group in the task definition asks.",
            ("logs:CreateLogGroup",),
            made,
        )


def _values(definitions: Iterable[DefinitionFacts]) -> Iterator[Statement]:
    definitions = list(definitions)
    kinds = (
        (
            "ReadSecrets",
            "Reads the secrets that the task definition names.",
            ("secretsmanager:GetSecretValue",),
            distinct(arn for one in definitions for arn in one.secrets),
        ),
        (
            "ReadParameters",
            "Reads the parameters that the task definition names.",
            ("ssm:GetParameters",),
            distinct(arn for one in definitions for arn in one.parameters),
        ),
        (
            "ReadEnvironmentFiles",
            "Reads the environment files that the task definition names.",
            ("s3:GetObject",),
            distinct(arn for one in definitions for arn in one.files),
        ),
        (
            "FindEnvironmentFiles",
            "Asks for the region of the buckets of environment files.",
            ("s3:GetBucketLocation",),
            distinct(arn.partition("/")[0] for one in definitions for arn in one.files),
        ),
    )
    for sid, why, actions, resources in kinds:
        if resources:
            yield Statement(sid, why, actions, resources)


def _objects(subject: Subject, wishes: Wishes) -> tuple[str, ...]:
    """Of ``bucket`` what `send` puts there, under each queue's name; of ``bucket/prefix`` all."""
    partition = subject.facts.home.partition
    queues = [facts.arn.rpartition(":")[2] for _, facts in subject.queues()]
    return distinct(
        f"arn:{partition}:s3:::{bucket}/{prefix}*"
        for bucket, _, given in (text.partition("/") for text in wishes.payloads)
        for prefix in ([given] if given else [f"{queue}/" for queue in queues])
    )
