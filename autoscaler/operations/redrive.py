"""Moves messages out of a dead-letter queue, which SQS does by itself once it is asked.

They are new messages where they arrive: their ids, ages and receive counts begin anew, and a
controller sees them as a burst of new traffic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autoscaler.aws.clients import Clients
from autoscaler.core.errors import AutoscalerError
from autoscaler.operations.dead_queue import DeadLetterQueue, asking

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import (
        ListMessageMoveTasksResultEntryTypeDef,
        StartMessageMoveTaskRequestTypeDef,
    )

LOOK_EVERY_SECONDS = 1.0

MOST_LOOKS_IN_VAIN = 30
"""A move may be on its list late; half a minute is far more than has been seen."""

_LIVE = ("RUNNING", "CANCELLING")
_REASONS = {
    "CouldNotDetermineMessageSource": "a message was sent to the dead-letter queue directly, so "
    "that SQS does not know where it belongs; say where with --to",
}


@dataclass(frozen=True, slots=True)
class Move:
    """A move as SQS tells of it. Counts are approximate; `to` None means each message's source.

    `rate` is in messages a second, None where SQS chooses. `handle` is known while it runs.
    `started` is in milliseconds since 1970.
    """

    status: str
    started: int
    moved: int
    of: int | None
    to: str | None
    rate: int | None
    failure: str | None
    handle: str | None

    @property
    def live(self) -> bool:
        """Whether it is still under way."""
        return self.status in _LIVE

    @property
    def why(self) -> str:
        """What to make of its end, as a sentence; empty when all went well."""
        if self.status == "COMPLETED":
            return ""
        reason = self.failure or "no reason was given"
        return f"the move is {self.status.lower()}: {_REASONS.get(reason, reason)}"


def start_move(clients: Clients, queue: DeadLetterQueue, to: str | None, rate: int | None) -> None:
    """Ask SQS to move every message to an ARN, None: each to where it came from.

    Raises AutoscalerError, among others while another move of this queue runs.
    """
    request: StartMessageMoveTaskRequestTypeDef = {"SourceArn": queue.arn}
    if to:
        request["DestinationArn"] = to
    if rate:
        request["MaxNumberOfMessagesPerSecond"] = rate
    with asking(f"move messages out of {queue.name}"):
        clients.sqs(queue.region).start_message_move_task(**request)


def newest_move(clients: Clients, queue: DeadLetterQueue) -> Move | None:
    """Return the move that was started last, None: there was none; raises AutoscalerError."""
    with asking(f"look at the moves out of {queue.name}"):
        answer = clients.sqs(queue.region).list_message_move_tasks(
            SourceArn=queue.arn, MaxResults=1
        )
    found = answer.get("Results", [])
    return _move(found[0]) if found else None


def watch_move(
    clients: Clients, queue: DeadLetterQueue, before: Move | None, sleep: Callable[[float], None]
) -> Iterator[Move]:
    """Yield the move that came after `before` again and again, the last time when it has ended.

    Raises AutoscalerError if it never appears.
    """
    in_vain = 0
    while in_vain < MOST_LOOKS_IN_VAIN:
        move = newest_move(clients, queue)
        if move is None or (before is not None and move.started <= before.started):
            in_vain += 1
        else:
            yield move
            if not move.live:
                return
        sleep(LOOK_EVERY_SECONDS)
    raise AutoscalerError(
        f"SQS does not list the move out of {queue.name} that it accepted; "
        f"look later with `autoscaler dlq show {queue.name}`"
    )


def cancel_move(clients: Clients, queue: DeadLetterQueue) -> int:
    """End the move that runs; return about how many messages it has moved.

    What was moved stays where it is. Raises AutoscalerError, also when none runs.
    """
    move = newest_move(clients, queue)
    if move is None or move.handle is None:
        raise AutoscalerError(f"no move out of {queue.name} is under way")
    with asking(f"cancel the move out of {queue.name}"):
        answer = clients.sqs(queue.region).cancel_message_move_task(TaskHandle=move.handle)
    return answer.get("ApproximateNumberOfMessagesMoved", move.moved)


def _move(entry: ListMessageMoveTasksResultEntryTypeDef) -> Move:
    return Move(
        status=entry["Status"],
        started=entry["StartedTimestamp"],
        moved=entry.get("ApproximateNumberOfMessagesMoved", 0),
        of=entry.get("ApproximateNumberOfMessagesToMove"),
        to=entry.get("DestinationArn"),
        rate=entry.get("MaxNumberOfMessagesPerSecond"),
        failure=entry.get("FailureReason"),
        handle=entry.get("TaskHandle"),
    )
