"""What SQS tells of a queue that permissions depend on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from autoscaler.aws.addresses import QueueAddress
from autoscaler.aws.troubles import unexpected
from autoscaler.operations.permissions.facts import QueueFacts

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def queue_facts(sqs: SQSClient, address: QueueAddress) -> QueueFacts:
    """Its ARN, its dead-letter queue and its key.

    Raises:
        CALL_ERRORS: a call failed.
    """
    answer = sqs.get_queue_attributes(
        QueueUrl=_url(sqs, address), AttributeNames=["QueueArn", "RedrivePolicy", "KmsMasterKeyId"]
    )
    told = answer.get("Attributes", {})
    if "QueueArn" not in told:
        raise unexpected("GetQueueAttributes")
    redrive = json.loads(told.get("RedrivePolicy") or "{}")
    return QueueFacts(
        arn=told["QueueArn"],
        dead_letters=redrive.get("deadLetterTargetArn"),
        key=told.get("KmsMasterKeyId") or None,
    )


def _url(sqs: SQSClient, address: QueueAddress) -> str:
    if address.url:
        return address.url
    owner = {"QueueOwnerAWSAccountId": address.account} if address.account else {}
    answer = sqs.get_queue_url(QueueName=address.name, **owner)
    if "QueueUrl" not in answer:
        raise unexpected("GetQueueUrl")
    return answer["QueueUrl"]
