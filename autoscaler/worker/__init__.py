"""Runs inside the task: receives, handles, extends, deletes, drains and exits; and sends.

Stands alone and stays light: it ships in other people's images.
"""

from autoscaler.worker.command import main
from autoscaler.worker.errors import RetryLaterError, UnavailableError
from autoscaler.worker.hooks import Event, Hook, Worker
from autoscaler.worker.message import Message
from autoscaler.worker.s3_events import S3Object
from autoscaler.worker.sending import NotSentError, Outgoing, send

__all__ = [
    "Event",
    "Hook",
    "Message",
    "NotSentError",
    "Outgoing",
    "RetryLaterError",
    "S3Object",
    "UnavailableError",
    "Worker",
    "main",
    "send",
]
