"""Where a queue is: read from its name, its URL or its ARN."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d+")


@dataclass(frozen=True, slots=True)
class QueueAddress:
    """A queue, as far as its configured text tells; None: it does not."""

    name: str
    region: str | None = None
    account: str | None = None
    url: str | None = None


def queue_address(text: str) -> QueueAddress:
    """Read a queue's name, URL or ARN.

    Of a URL only AWS's own hosts tell the region; ``queue.amazonaws.com`` is the old host of
    us-east-1 [SQS endpoints].
    """
    if text.startswith("arn:"):
        _, _, _, region, account, name = text.split(":", 5)
        return QueueAddress(name, region or None, account or None)
    if "://" in text:
        return QueueAddress(text.rstrip("/").rsplit("/", 1)[-1], _region_of(text), url=text)
    return QueueAddress(text)


def _region_of(url: str) -> str | None:
    host = urlsplit(url).hostname or ""
    if host == "queue.amazonaws.com":
        return "us-east-1"
    return next((part for part in host.split(".") if _REGION.fullmatch(part)), None)
