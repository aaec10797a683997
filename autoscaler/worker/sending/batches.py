"""Puts messages together into calls. Pure."""

from collections.abc import Iterable, Iterator

from autoscaler.worker.sending.outgoing import MOST_BYTES, Outgoing

MOST_PER_CALL = 10
"""Messages of one SendMessageBatch (SQS)."""

Numbered = tuple[int, Outgoing]
"""A message and its place among all that are sent, from 1."""


def batches(messages: Iterable[Numbered], *, ordered: bool) -> Iterator[list[Numbered]]:
    """Yield them in calls of at most 10 and 1 MiB together, in their order.

    Where they are `ordered`, no call has two messages of one group: SQS may refuse the first of
    them and take the second, and a repetition of the first would come too late.
    """
    batch: list[Numbered] = []
    size = 0
    for number, message in messages:
        own = message.size_bytes
        clash = ordered and any(other.group == message.group for _, other in batch)
        if batch and (len(batch) == MOST_PER_CALL or size + own > MOST_BYTES or clash):
            yield batch
            batch, size = [], 0
        batch.append((number, message))
        size += own
    if batch:
        yield batch
