"""Sends messages to a queue: `send()` for programs, `autoscaler send` for people."""

from collections.abc import Iterable
from dataclasses import dataclass

from autoscaler.worker.errors import WorkerError
from autoscaler.worker.sending.outgoing import Outgoing

__all__ = ["NotSentError", "Outgoing", "send"]


@dataclass(eq=False)
class NotSentError(WorkerError):
    """Some messages were not sent. By their places, from 0: why not, and the others' ids.

    `stopped` says why it ended early, None where it went on to the last message. What is then in
    neither was not tried, or got no answer.
    """

    reasons: dict[int, str]
    ids: dict[int, str]
    stopped: str | None = None

    def __str__(self) -> str:
        told = f"{len(self.ids)} messages were sent and {len(self.reasons)} refused"
        for place, why in self.reasons.items():
            return f"{told}, the first at {place}: {why}"
        return f"{told} before it stopped: {self.stopped}"


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

    Raises NotSentError when some were not sent or it had to stop in the middle, and UserError
    when the queue or the database cannot be used from the start.
    """
    from autoscaler.worker.sending.post import Post  # noqa: PLC0415 - boto3 takes 150 ms

    post = Post.open(queue, bucket, status_db)
    outgoing = (Outgoing(each) if isinstance(each, str) else each for each in messages)
    found = NotSentError({}, {})
    try:
        for some in post.send(outgoing):
            found.ids |= {each.number - 1: each.id for each in some if each.id is not None}
            found.reasons |= {each.number - 1: each.error for each in some if each.error}
    except WorkerError as error:
        found.stopped = str(error)
        raise found from error
    if found.reasons:
        raise found
    return list(found.ids.values())
