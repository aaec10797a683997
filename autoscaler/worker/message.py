"""What a handler gets."""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from autoscaler.worker import s3_events
from autoscaler.worker.payloads import Pointer
from autoscaler.worker.s3_events import S3Object


def _nobody_holds(_message: "Message", _seconds: float) -> None:
    """Take the place of a worker where there is none, as in a test of a handler."""


@dataclass(slots=True, eq=False)
class Message:
    """One delivery of one message of the queue.

    `receive_count` counts this delivery too. `attributes` are the sender's own; numbers come as
    text, binary as bytes. `sent_at` is in UTC. `receipt` is SQS's handle of this delivery.
    `queue` is the name of its queue, `group` its message group, None where it has none.
    `payload` is where the body came from if it did not come with the message.
    The body stays out of `repr`, and so out of logs.
    """

    body: str = field(repr=False)
    id: str = ""
    receive_count: int = 1
    sent_at: datetime | None = None
    attributes: Mapping[str, str | bytes] = field(default_factory=dict, repr=False)
    receipt: str = field(default="", repr=False)
    queue: str = ""
    group: str | None = None
    payload: Pointer | None = None
    hold: Callable[["Message", float], None] = field(default=_nobody_holds, repr=False)
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)
    _tells: list[Callable[[], object]] = field(default_factory=list, repr=False)

    def json(self) -> object:
        """Return the body read as JSON; raises ValueError when it is none."""
        return json.loads(self.body)

    def s3_objects(self) -> tuple[S3Object, ...]:
        """Return the objects of an S3 event notification, keys decoded; none for a test event.

        Raises ValueError when the body is no S3 notification.
        """
        return s3_events.objects_of(self.json())

    @property
    def is_s3_test_event(self) -> bool:
        """Whether this is the `s3:TestEvent` that S3 sends when a notification is set up."""
        try:
            return s3_events.is_test_event(self.json())
        except ValueError:
            return False

    def extend(self, seconds: float) -> None:
        """Keep the message from others for so many seconds from now.

        The worker does this by itself while the handler runs; this is for handlers that block
        the whole process. SQS allows 12 hours from the receive. Raises WorkerError when refused.
        """
        self.hold(self, seconds)

    @property
    def stopping(self) -> bool:
        """Whether the worker wants the handler to end: it was asked to stop, or time is up."""
        return self._stop.is_set()

    def ask_to_stop(self) -> None:
        """Set `stopping`; the worker's side of that flag."""
        self._stop.set()
        self._tell()

    def on_stop(self, tell: Callable[[], object]) -> None:
        """Call `tell` once, as soon as `stopping` is set, in any thread; at once if it is."""
        self._tells.append(tell)
        if self.stopping:
            self._tell()

    def _tell(self) -> None:
        """Each is called by whoever takes it out: two threads may come at the same time."""
        with suppress(IndexError):
            while True:
                self._tells.pop()()
