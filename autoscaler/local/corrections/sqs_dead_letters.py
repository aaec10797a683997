"""Dead-letter queues remember where a message came from, and can be moved back from.

moto knows neither StartMessageMoveTask with its companions nor DeadLetterQueueSourceArn.
"""

from __future__ import annotations

import time
import uuid
from typing import Any

from moto.core.responses import ActionResult
from moto.sqs.exceptions import InvalidParameterValue, SQSException
from moto.sqs.responses import SQSResponse

from autoscaler.local.corrections.moves import RUNNING, Move

_SOURCE = "DeadLetterQueueSourceArn"
_MOST_RESULTS = 10  # of one ListMessageMoveTasks [SQS ListMessageMoveTasks]
_MOST_PER_SECOND = 500  # [SQS StartMessageMoveTask]
_receive = SQSResponse.receive_message


def apply() -> None:
    """Correct moto."""
    SQSResponse.start_message_move_task = _start
    SQSResponse.list_message_move_tasks = _list
    SQSResponse.cancel_message_move_task = _cancel
    SQSResponse.receive_message = _receive_with_sources


def _start(response: Any) -> ActionResult:
    backend, arn = response.sqs_backend, response._get_param("SourceArn")
    source = _queue(backend, arn)
    if not backend.list_dead_letter_source_queues(source.name):
        raise InvalidParameterValue("Source queue must be configured as a Dead Letter Queue.")
    if any(move.source is source and move.status == RUNNING for move in _moves(backend)):
        raise InvalidParameterValue(
            "There is already a task running. Only one active task is allowed for a source queue "
            "arn at a given time."
        )
    to, rate = response._get_param("DestinationArn"), _rate(response)
    destination = _queue(backend, to) if to else None
    move = Move(str(uuid.uuid4()), backend, source, destination, rate, int(time.time() * 1000))
    _moves(backend).insert(0, move)
    move.start()
    return ActionResult({"TaskHandle": move.handle})


def _rate(response: Any) -> int | None:
    rate = response._get_param("MaxNumberOfMessagesPerSecond")
    if rate is not None and not 1 <= int(rate) <= _MOST_PER_SECOND:
        raise InvalidParameterValue(
            f"Value {rate} for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must "
            f"be between 1 and {_MOST_PER_SECOND}."
        )
    return None if rate is None else int(rate)


def _list(response: Any) -> ActionResult:
    source = _queue(response.sqs_backend, response._get_param("SourceArn"))
    most = min(int(response._get_param("MaxResults") or 1), _MOST_RESULTS)
    found = [move for move in _moves(response.sqs_backend) if move.source is source]
    return ActionResult({"Results": [move.told() for move in found[:most]]})


def _cancel(response: Any) -> ActionResult:
    handle = response._get_param("TaskHandle")
    for move in _moves(response.sqs_backend):
        if move.handle == handle and move.status == RUNNING:
            move.cancel()
            return ActionResult({"ApproximateNumberOfMessagesMoved": move.moved})
    raise _not_found("TaskHandle")


def _receive_with_sources(response: Any) -> ActionResult:
    answer = _receive(response)
    asked = {
        *response._get_param("AttributeNames", []),
        *response._get_param("MessageSystemAttributeNames", []),
    }
    if asked & {"All", _SOURCE}:
        queue = response.sqs_backend.get_queue(response._get_queue_name())
        for message in answer.result.get("Messages", []):
            slip = queue.shelf.find(message["ReceiptHandle"])
            if slip is not None and (source := getattr(slip.message, "came_from", None)):
                message.setdefault("Attributes", {})[_SOURCE] = source
    return answer


def _queue(backend: Any, arn: str) -> Any:
    """Return the queue of an ARN; moto knows queues by name."""
    for queue in list(backend.queues.values()):
        if queue.queue_arn == arn:
            return queue
    raise _not_found("SourceArn")


def _not_found(parameter: str) -> SQSException:
    return SQSException(
        "ResourceNotFoundException",
        f"The resource that you specified for the {parameter} parameter doesn't exist.",
    )


def _moves(backend: Any) -> list[Move]:
    """Return a backend's moves, the newest first."""
    if not hasattr(backend, "moves"):
        backend.moves = []
    moves: list[Move] = backend.moves
    return moves
