"""Opens the queue a worker serves, or says what is wrong with what it was given."""

import os
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import boto3
import botocore
from botocore.config import Config

from autoscaler import __version__
from autoscaler.worker.dispatched import load
from autoscaler.worker.dispatched_queue import DispatchedQueue
from autoscaler.worker.errors import LastingError, PassingError, UserError
from autoscaler.worker.ports import Payloads, Queue, Report
from autoscaler.worker.settings import QueueSettings
from autoscaler.worker.sqs import SqsQueue, errors_told

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

USER_AGENT = f"Botocore/{botocore.__version__} queue-autoscaler-worker/{__version__}"
"""Given whole: botocore puts its own together anew for every call, a seventh of a call's work."""
_REGION_IN_URL = re.compile(r"https://sqs\.([a-z0-9-]+)\.amazonaws\.com")


@dataclass(frozen=True, slots=True)
class Opened:
    """A queue that was found, and for how long a receive hides its messages."""

    queue: Queue
    url: str
    visibility_seconds: int

    @property
    def ordered(self) -> bool:
        """Whether it is a FIFO queue; a message group alone does not make one."""
        return self.url.endswith(".fifo")


def open_payload(settings: QueueSettings, report: Report, payloads: Payloads) -> DispatchedQueue:
    """Put this task's own payload in the place of the queue it came from; raises UserError."""
    payload = load(payloads=payloads)
    if not payload.note.on_done:
        return DispatchedQueue(payload, report, payloads)
    real = open_queue(settings)
    try:
        return DispatchedQueue(payload, report, payloads, real.queue, real.visibility_seconds)
    except (LastingError, PassingError) as error:
        raise UserError(f"the messages of {settings.name} cannot be kept: {error}") from error


def as_opened(queue: DispatchedQueue) -> Opened:
    """Return a payload as any queue that was found."""
    return Opened(queue, queue.payload.note.queue, queue.visibility_seconds)


def open_queue(settings: QueueSettings) -> Opened:
    """Find the queue and its visibility; raises UserError."""
    return open_at(settings.address, settings.poll_seconds, settings.visibility_seconds)


def open_at(address: str, poll_seconds: int = 1, visibility_seconds: int | None = None) -> Opened:
    """Find the queue of this name or URL, and its visibility if none is given; raises UserError."""
    try:
        with errors_told():
            client = _client(_region(address), poll_seconds)
            url = _url(client, address)
            visibility = visibility_seconds or _own_visibility(client, url)
    except (LastingError, PassingError) as error:
        raise UserError(
            f"the queue {address!r} cannot be used: {error}; check --queue, the region, "
            "the credentials and AWS_ENDPOINT_URL"
        ) from error
    if visibility < 1:
        name = address.rpartition("/")[2]
        raise UserError(
            f"the visibility timeout of the queue {name} is 0, so every worker would get "
            "every message; set --visibility to a second or more"
        )
    return Opened(SqsQueue(client, url, visibility), url, visibility)


def _region(queue: str) -> str | None:
    found = _REGION_IN_URL.match(queue)
    return found[1] if found else os.environ.get("AWS_REGION") or None


@cache  # a client takes 20 ms to make, and threads may share it
def _client(region: str | None, poll_seconds: int) -> "SQSClient":
    return boto3.client(
        "sqs",
        region_name=region,
        config=Config(
            connect_timeout=5,
            read_timeout=poll_seconds + 10,  # botocore's 60 s are longer than any grace
            retries={"mode": "standard", "total_max_attempts": 3},
            user_agent=USER_AGENT,
        ),
    )


def _url(client: "SQSClient", queue: str) -> str:
    return queue if "://" in queue else client.get_queue_url(QueueName=queue)["QueueUrl"]


def _own_visibility(client: "SQSClient", url: str) -> int:
    answer = client.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
    return int(answer["Attributes"]["VisibilityTimeout"])
