"""Opens the queue a worker serves, or says what is wrong with what it was given."""

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from autoscaler.worker.errors import LastingError, PassingError, UserError
from autoscaler.worker.settings import Settings
from autoscaler.worker.sqs import SqsQueue, errors_told

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

_REGION_IN_URL = re.compile(r"https://sqs\.([a-z0-9-]+)\.amazonaws\.com")


@dataclass(frozen=True, slots=True)
class Opened:
    """A queue that was found, and for how long a receive hides its messages."""

    queue: SqsQueue
    url: str
    visibility_seconds: int


def open_queue(settings: Settings) -> Opened:
    """Find the queue and its visibility; raises UserError."""
    try:
        with errors_told():
            client = _client(settings.queue)
            url = _url(client, settings.queue)
            own = _own_visibility(client, url)
    except (LastingError, PassingError) as error:
        raise UserError(
            f"the queue {settings.queue!r} cannot be used: {error}; check --queue, the region, "
            "the credentials and AWS_ENDPOINT_URL"
        ) from error
    visibility = settings.visibility_seconds or own
    _check(settings, url, visibility)
    return Opened(SqsQueue(client, url, visibility), url, visibility)


def _check(settings: Settings, url: str, visibility_seconds: int) -> None:
    if visibility_seconds < 1:
        raise UserError(
            "the queue's visibility timeout is 0, so every worker would get every message; "
            "set --visibility to a second or more"
        )
    if url.endswith(".fifo") and settings.slots > 1:
        raise UserError(
            "a FIFO queue keeps its order only with one message at a time: set --slots to 1"
        )


def _client(queue: str) -> "SQSClient":
    found = _REGION_IN_URL.match(queue)
    return boto3.client(
        "sqs",
        region_name=found[1] if found else os.environ.get("AWS_REGION") or None,
        config=Config(
            connect_timeout=5,
            read_timeout=10,  # above the one second of a poll; far below botocore's 60
            retries={"mode": "standard", "total_max_attempts": 3},
        ),
    )


def _url(client: "SQSClient", queue: str) -> str:
    return queue if "://" in queue else client.get_queue_url(QueueName=queue)["QueueUrl"]


def _own_visibility(client: "SQSClient", url: str) -> int:
    answer = client.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
    return int(answer["Attributes"]["VisibilityTimeout"])
