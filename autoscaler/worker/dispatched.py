"""A task's payload: the messages it was started for, where a dispatcher starts one for each group.

For programs that do their own work, without the worker:

    from autoscaler.worker import dispatched

    payload = dispatched.load()
    for message in payload.messages:
        ...
    payload.done()
"""

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from autoscaler.worker.errors import LastingError, PassingError, UserError
from autoscaler.worker.message import Message
from autoscaler.worker.payloads import Pointer, pointer_in
from autoscaler.worker.ports import Payloads, Queue

PAYLOAD = "AUTOSCALER_PAYLOAD"
NOTE = "AUTOSCALER_DISPATCH"
"""Variables that `autoscaler dispatch` and its Lambda set; docs/dispatch.md tells their form."""

_NONE = (
    "is not set: only a task that `autoscaler dispatch` or its function started has a payload; "
    "without --dispatched the worker receives from a queue"
)


@dataclass(frozen=True, slots=True)
class Note:
    """The URL of the queue that messages came from, and whether this task is to delete them."""

    queue: str
    on_done: bool


@dataclass(frozen=True, slots=True)
class Dispatched:
    """Messages, in the order they came. `pointer` is where they lay in S3; None: they did not."""

    messages: tuple[Message, ...]
    note: Note
    pointer: Pointer | None = None

    def done(self) -> None:
        """Forget the payload, as all of it is done: the object in S3, and messages on `on_done`.

        Raises WorkerError when AWS refuses; the object then expires by the bucket's lifecycle.
        """
        if self.note.on_done:
            queue, receipts = _open_queue(self.note.queue), [one.receipt for one in self.messages]
            for start in range(0, len(receipts), 10):
                if refused := queue.delete(receipts[start : start + 10]):
                    raise PassingError(f"SQS did not delete {len(refused)} messages")
        if self.pointer:
            _s3().delete(self.pointer)


def load(
    environment: Mapping[str, str] | None = None, payloads: Payloads | None = None
) -> Dispatched:
    """Read the payload from the environment, or from S3 where that points to; raises UserError."""
    given = os.environ if environment is None else environment
    note, text = read_note(given), given.get(PAYLOAD)
    if text is None:
        raise UserError(f"{PAYLOAD} {_NONE}")
    pointer = pointer_in(text)
    if pointer is not None:
        text = _fetched(pointer, payloads or _s3())
    name = note.queue.rpartition("/")[2]
    try:
        messages = tuple(_message(entry, name) for entry in json.loads(text))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UserError(f"{PAYLOAD} is no list of messages: {error!r}") from error
    return Dispatched(messages, note, pointer)


def read_note(environment: Mapping[str, str]) -> Note:
    """Read whose messages these are; raises UserError."""
    text = environment.get(NOTE)
    if text is None:
        raise UserError(f"{NOTE} {_NONE}")
    try:
        read = json.loads(text)
        return Note(str(read["queue"]), read["ack"] == "on_done")
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{NOTE} is not what a dispatcher writes: {error!r}") from error


def _open_queue(url: str) -> Queue:
    from autoscaler.worker.opening import open_at  # noqa: PLC0415 - boto3, only where needed

    return open_at(url).queue


def _fetched(pointer: Pointer, payloads: Payloads) -> str:
    try:
        return payloads.fetch(pointer)
    except (LastingError, PassingError) as error:
        raise UserError(f"the payload cannot be fetched: {error}") from error


def _s3() -> Payloads:
    from autoscaler.worker.s3_payloads import S3Payloads  # noqa: PLC0415 - boto3, as above

    return S3Payloads()


def _message(entry: Mapping[str, Any], queue: str) -> Message:
    sent = entry.get("sent_at")
    return Message(
        body=str(entry["body"]),
        id=str(entry["id"]),
        receive_count=int(entry.get("receives", 1)),
        sent_at=None if sent is None else datetime.fromtimestamp(sent / 1000, UTC),
        attributes={name: _value(value) for name, value in entry["attributes"].items()},
        receipt=str(entry.get("receipt", entry["id"])),
        queue=queue,
        group=entry.get("group"),
    )


def _value(value: str | Mapping[str, str]) -> str | bytes:
    return value if isinstance(value, str) else base64.b64decode(value["base64"])
