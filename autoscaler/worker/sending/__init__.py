"""Sends messages to a queue: `send()` for programs, `autoscaler send` for people."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autoscaler.worker.errors import WorkerError
from autoscaler.worker.sending.outgoing import Outgoing, Sent

if TYPE_CHECKING:
    from autoscaler.worker.handlers import Function

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

    def note(self, some: Iterable[Sent]) -> None:
        """Take down what became of some messages."""
        for each in some:
            if each.id is not None:
                self.ids[each.number - 1] = each.id
            if each.error:
                self.reasons[each.number - 1] = each.error


def send(
    queue: str | None,
    messages: Iterable[str | Outgoing],
    *,
    bucket: str | None = None,
    status_db: str | None = None,
    handler: "Function | str | None" = None,
) -> list[str]:
    """Send messages to a queue, given by name or URL, and return their ids in their order.

    A text is a body. What fails in a way that passes is tried again; after a lost answer a
    standard queue may so get a message twice. Bodies that are too large for SQS go to the S3
    `bucket`, if there is one, and the worker reads them there. `status_db` is the database of
    `autoscaler worker --status-db`: the messages are noted there as queued.

    Without a queue, None or "", each message is handled here before this returns, by `handler`, a
    function or its name, or else by what AUTOSCALER_WORKER_HANDLER names; nothing of AWS is needed
    then, nothing is noted, and no delay is waited for. Ids are then made up.

    Raises NotSentError when some were not sent, or not handled here, or it had to stop in the
    middle, and UserError when the queue or the database cannot be used from the start, or where
    there is neither queue nor handler.
    """
    outgoing = (Outgoing(each) if isinstance(each, str) else each for each in messages)
    if not queue:
        return _handled(outgoing, handler, bucket)
    from autoscaler.worker.sending.post import Post  # noqa: PLC0415 - boto3 takes 150 ms

    return _told(Post.open(queue, bucket, status_db).send(outgoing))


def _handled(
    outgoing: Iterable[Outgoing], handler: "Function | str | None", bucket: str | None
) -> list[str]:
    from autoscaler.worker.sending.here import Here  # noqa: PLC0415 - asyncio takes 30 ms

    here = Here.open(handler, bucket)
    try:
        return _told(here.send(outgoing))
    except NotSentError as error:
        raise error from here.first_error


def _told(sending: Iterator[list[Sent]]) -> list[str]:
    found = NotSentError({}, {})
    try:
        for some in sending:
            found.note(some)
    except WorkerError as error:
        found.stopped = str(error)
        raise found from error
    if found.reasons:
        raise found
    return list(found.ids.values())
