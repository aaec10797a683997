"""Finds a dead-letter queue: by its own name, or by that of a queue whose messages end there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autoscaler.aws.addresses import QueueAddress, queue_address
from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.dead_letters import target_of
from autoscaler.aws.troubles import CALL_ERRORS, explain, unexpected
from autoscaler.core.errors import AutoscalerError, ConfigurationError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType


@dataclass(frozen=True, slots=True)
class DeadLetterQueue:
    """A queue that others' messages end in; `sources` are the names of those others."""

    name: str
    url: str
    arn: str
    region: str | None
    sources: tuple[str, ...]


@contextmanager
def asking(doing: str) -> Iterator[None]:
    """Turn what AWS refuses into an error whose text says what to do."""
    try:
        yield
    except CALL_ERRORS as error:
        raise AutoscalerError(explain(error, doing, again="try it again")) from error


def find(clients: Clients, text: str) -> DeadLetterQueue:
    """Return the dead-letter queue meant by a queue's name, URL or ARN.

    That is the queue itself if others name it in their RedrivePolicy, else the one that its own
    policy names.

    Raises:
        ConfigurationError: it is neither, or both.
        AutoscalerError: AWS cannot be asked.
    """
    address = queue_address(text)
    with asking(f"look at the queue {address.name}"):
        sqs = clients.sqs(address.region)
        url = _url(sqs, address)
        arn, policy = _attributes(sqs, url, "QueueArn", "RedrivePolicy")
        target = target_of(policy or None, url, Place(address.region))
        sources = _sources(sqs, url)
        if target and sources:
            raise ConfigurationError(_both(address.name, target.url, sources))
        if sources:
            return DeadLetterQueue(address.name, url, arn, address.region, sources)
        if target is None:
            raise ConfigurationError(_neither(address.name))
        return _of(sqs, target.url, address.region)


def arn_of(clients: Clients, text: str) -> str:
    """Return the ARN of a queue given by name, URL or ARN; raises AutoscalerError."""
    address = queue_address(text)
    with asking(f"look at the queue {address.name}"):
        sqs = clients.sqs(address.region)
        return _attributes(sqs, _url(sqs, address), "QueueArn")[0]


def _of(sqs: SQSClient, url: str, region: str | None) -> DeadLetterQueue:
    (arn,) = _attributes(sqs, url, "QueueArn")
    return DeadLetterQueue(_name(url), url, arn, region, _sources(sqs, url))


def _url(sqs: SQSClient, address: QueueAddress) -> str:
    if address.url:
        return address.url
    owner = {"QueueOwnerAWSAccountId": address.account} if address.account else {}
    return sqs.get_queue_url(QueueName=address.name, **owner)["QueueUrl"]


def _attributes(sqs: SQSClient, url: str, *names: QueueAttributeNameType) -> list[str]:
    """Return a queue's attributes, as text; empty where it has none of that name."""
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))
    if "Attributes" not in answer:
        raise unexpected("GetQueueAttributes")
    return [answer["Attributes"].get(name, "") for name in names]


def _sources(sqs: SQSClient, url: str) -> tuple[str, ...]:
    pages = sqs.get_paginator("list_dead_letter_source_queues").paginate(QueueUrl=url)
    return tuple(sorted(_name(each) for page in pages for each in page.get("queueUrls", ())))


def _name(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def _both(name: str, target_url: str, sources: Sequence[str]) -> str:
    return (
        f"{name} has dead letters in {_name(target_url)} and is itself the dead-letter queue of "
        f"{', '.join(sources)}; name {sources[0]} or {_name(target_url)} instead"
    )


def _neither(name: str) -> str:
    return (
        f"{name} has no dead-letter queue and is none; give it one by its RedrivePolicy "
        "(`aws sqs set-queue-attributes`), else a message that always fails comes again for ever"
    )
