"""SQS calls that do not walk the whole queue, and the counters CloudWatch's metrics are made of.

moto reads every message several times a call: at 10,000 messages GetQueueAttributes takes 1.4 s and
ReceiveMessage 4.6 s. The list of messages becomes a `Shelf`. On the way two FIFO mistakes go: moto
forgets a deduplication id with the message's deletion, and redelivers a group out of order.
"""

from __future__ import annotations

import copy
import time
from typing import Any

from moto.sqs.exceptions import (
    InvalidAttributeName,
    InvalidParameterValue,
    ReceiptHandleIsInvalid,
)
from moto.sqs.models import Queue, SQSBackend, _filter_message_attributes

from autoscaler.local.corrections.shelf import Shelf
from autoscaler.local.corrections.slips import Place, Slip

_LOOK_AGAIN = 1.0  # seconds a long poll waits at most before it looks again
_LONGEST_HIDDEN = 43_200_000  # ms; SQS hides a message 12 hours at most
_append = Queue.add_message  # moto's own, which also feeds event source mappings


def now_ms() -> float:
    """Return the time in the milliseconds moto stamps messages with."""
    return time.time() * 1000


def apply() -> None:
    """Correct moto."""
    Queue._messages = property(_get_messages, _set_messages)
    Queue.approximate_number_of_messages = _counted(Place.READY)
    Queue.approximate_number_of_messages_delayed = _counted(Place.DELAYED)
    Queue.approximate_number_of_messages_not_visible = _counted(Place.IN_HAND)
    Queue.add_message = _add_message
    Queue.delete_message = _delete_message
    SQSBackend.get_queue_attributes = _get_queue_attributes
    SQSBackend.receive_message = _receive_message
    SQSBackend.change_message_visibility = _change_message_visibility


def _get_messages(queue: Any) -> _Messages:
    shelf: _Messages = queue.shelf
    return shelf


def _set_messages(queue: Any, _empty: list[Any]) -> None:
    """Take moto's `_messages = []`: the first makes the queue, any later one purges it."""
    if not hasattr(queue, "shelf"):
        queue.shelf = _Messages(queue)
        return
    with queue._messages_lock:
        queue.shelf.clear()


class _Messages(Shelf):
    """A shelf that moto takes for its list of messages."""

    def __init__(self, queue: Any) -> None:
        super().__init__(lambda message: message.group_id if queue.fifo_queue else None)

    def append(self, message: Any) -> None:
        """Take a message that was sent; moto holds the queue's lock."""
        self.tally.sent += 1
        self.add(message, now_ms(), delayed_until=message.delayed_until)


def _counted(place: Place) -> property:
    def count(queue: Any) -> int:
        with queue._messages_lock:
            _forget_old(queue)
            found: int = queue.shelf.count(place, now_ms())
            return found

    return property(count)


def _forget_old(queue: Any) -> None:
    queue.shelf.drop_older_than(now_ms() - queue.message_retention_period * 1000)


def _add_message(queue: Any, message: Any) -> None:
    with queue._messages_lock:
        known = queue.fifo_queue and message.deduplication_id
        if known and queue.shelf.is_duplicate(message.deduplication_id, now_ms()):
            return
    _append(queue, message)


def _delete_message(queue: Any, receipt_handle: str) -> None:
    with queue._messages_lock:
        if not queue.shelf.delete(receipt_handle):
            raise ReceiptHandleIsInvalid


def _get_queue_attributes(backend: Any, queue_name: str, attribute_names: list[str]) -> Any:
    queue = backend.get_queue(queue_name)
    if not attribute_names:
        return {}
    known = {"All", *queue.BASE_ATTRIBUTES, *queue.FIFO_ATTRIBUTES, *queue.KMS_ATTRIBUTES}
    for name in attribute_names:
        if name not in known:
            raise InvalidAttributeName(name)
    found = queue.attributes
    if "All" in attribute_names:
        return found
    return {name: found[name] for name in attribute_names if found.get(name) is not None}


def _receive_message(
    backend: Any,
    queue_name: str,
    count: int,
    wait_seconds_timeout: int,
    visibility_timeout: int,
    message_attribute_names: list[str] | None = None,
) -> list[Any]:
    queue = backend.get_queue(queue_name)
    until = time.monotonic() + wait_seconds_timeout
    found = _receive_once(queue, count, visibility_timeout)
    while not found and time.monotonic() < until:
        _wait_for_messages(queue, until)
        found = _receive_once(queue, count, visibility_timeout)
    _count_receive(queue, found)
    for message in found:
        _filter_message_attributes(message, message_attribute_names or [])
    return found


def _receive_once(queue: Any, count: int, visibility: int) -> list[Any]:
    with queue._messages_lock:
        _forget_old(queue)
        slips, worn_out = queue.shelf.take(count, _most_receives(queue), now_ms())
        found = [_hand_out(queue, slip, visibility) for slip in slips]
    for message in worn_out:  # without the lock: two queues may be each other's dead letters
        _move_to_dead_letters(queue, message)
    return found


def _most_receives(queue: Any) -> float:
    if queue.dead_letter_queue is None or not queue.redrive_policy:
        return float("inf")
    return float(queue.redrive_policy["maxReceiveCount"])


def _hand_out(queue: Any, slip: Slip, visibility: int) -> Any:
    slip.message.mark_received(visibility_timeout=visibility)
    until = now_ms() + int(visibility) * 1000
    queue.shelf.hold(slip, slip.message.receipt_handle, until, now_ms())
    return copy.copy(slip.message)  # what is kept must not change with what is shown


def _move_to_dead_letters(queue: Any, message: Any) -> None:
    """AWS counts no NumberOfMessagesSent for this, and the age begins anew."""
    message.came_from, dead = queue.queue_arn, queue.dead_letter_queue
    with dead._messages_lock:
        dead.shelf.add(message, now_ms())
        dead._messages_lock.notify_all()


def _wait_for_messages(queue: Any, until: float) -> None:
    with queue._messages_lock:
        due = queue.shelf.next_due()
        soon = _LOOK_AGAIN if due is None else max(0.001, (due - now_ms()) / 1000)
        queue._messages_lock.wait(min(_LOOK_AGAIN, soon, max(0.0, until - time.monotonic())))


def _count_receive(queue: Any, found: list[Any]) -> None:
    with queue._messages_lock:
        tally = queue.shelf.tally
        tally.receive_calls += 1
        tally.received += len(found)
        tally.empty_receives += not found


def _change_message_visibility(
    backend: Any, queue_name: str, receipt_handle: str, visibility_timeout: int
) -> None:
    queue = backend.get_queue(queue_name)
    with queue._messages_lock:
        slip = queue.shelf.find(receipt_handle)
        if slip is None:
            raise ReceiptHandleIsInvalid
        until = now_ms() + int(visibility_timeout) * 1000
        if until - slip.message.sent_timestamp > _LONGEST_HIDDEN:
            raise InvalidParameterValue(
                f"Value {visibility_timeout} for parameter VisibilityTimeout is invalid. Reason: "
                "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]"
            )
        slip.message.change_visibility(visibility_timeout)
        queue.shelf.hide(slip, until, now_ms())
        queue._messages_lock.notify_all()
