"""Sends messages to a queue: `send()` for programs, `autoscaler send` for people."""

from collections.abc import Iterable
from dataclasses import dataclass

from autoscaler.worker.errors import WorkerError
from autoscaler.worker.sending.outgoing import Outgoing

__all__ = ["NotSentError", "Outgoing", "send"]


@dataclass(eq=False)
class NotSentError(WorkerError):
    """Some messages were not sent. By their places, from 0: why not, and the others' ids."""

    reasons: dict[int, str]
    ids: dict[int, str]

    def __str__(self) -> str:
        place, why = next(iter(self.reasons.items()))
        return f"{len(self.reasons)} messages were not sent; the one at {place}: {why}"


def send(
    queue: str,
    messages: Iterable[str | Outgoing],
    *,
    bucket: str | None = None,
    status_db: str | None = None,
) -> list[str]:
    """Send messages to a queue, given by name or URL, and return their ids in their order.

    A text is a body. What fails in a way that passes is tried again; after a lost answer a
    standard queue may so get a message twice. Bodies that are too large for SQS go to the S3
    `bucket`, if there is one, and the worker reads them there. `status_db` is the database of
    `autoscaler worker --status-db`: the messages are noted there as queued.

    Raises NotSentError when some were not sent, UserError when the queue or the database cannot
    be used, and another WorkerError when AWS fails for good.
    """
    from autoscaler.worker.sending.post import Post  # noqa: PLC0415 - boto3 takes 150 ms

    post = Post.open(queue, bucket, status_db)
    outgoing = (Outgoing(each) if isinstance(each, str) else each for each in messages)
    results = [each for some in post.send(outgoing) for each in some]
    ids = {each.number - 1: each.id for each in results if each.id is not None}
    reasons = {each.number - 1: each.error for each in results if each.error is not None}
    if reasons:
        raise NotSentError(reasons, ids)
    return list(ids.values())
