"""A message on its way to a queue. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_BYTES = 1_048_576
"""What SQS takes as one message, and as all messages of one call together: 1 MiB [SendMessage].

Attributes count: their names, their types and their values. A queue may be set to take less.
"""

MOST_ATTRIBUTES = 10
LONGEST_DELAY_SECONDS = 900

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that SQS refuses, and with them the message [SendMessage]."""

Value = str | int | float | bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to send. The body stays out of `repr`, and so out of logs.

    A FIFO queue needs a `group`; without a `deduplication_id` it gets one that only keeps a
    repeated call from sending the message twice. `delay_seconds` None is the queue's own delay.
    """

    body: str = field(repr=False)
    attributes: Mapping[str, Value] = field(default_factory=dict, repr=False)
    group: str | None = None
    deduplication_id: str | None = None
    delay_seconds: int | None = None

    @property
    def attributes_bytes(self) -> int:
        """Return what the attributes count for."""
        return sum(
            len(name.encode()) + len(kind_of(value)) + len(written(value))
            for name, value in self.attributes.items()
        )

    @property
    def size_bytes(self) -> int:
        """Return what SQS counts."""
        return len(self.body.encode("utf-8", "surrogatepass")) + self.attributes_bytes

    def mistake(self) -> str | None:
        """Say why SQS would never take it, None where nothing is known against it."""
        if not self.body:
            return "the body is empty, which SQS refuses"
        if found := _FORBIDDEN.search(self.body):
            return f"the body contains U+{ord(found[0]):04X}, which SQS refuses"
        if len(self.attributes) > MOST_ATTRIBUTES:
            return f"{len(self.attributes)} attributes are more than the 10 that SQS takes"
        if any(written(value) == b"" for value in self.attributes.values()):
            return "an attribute is empty, which SQS refuses"
        if self.delay_seconds is not None and not 0 <= self.delay_seconds <= LONGEST_DELAY_SECONDS:
            return f"a delay of {self.delay_seconds} s is not between 0 and 900 s"
        return None


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a message: its id, or why it was not sent. `number` counts from 1."""

    number: int
    id: str | None = None
    error: str | None = None


def kind_of(value: Value) -> str:
    """Return SQS's type of an attribute's value."""
    if isinstance(value, bytes):
        return "Binary"
    return "String" if isinstance(value, str) else "Number"


def written(value: Value) -> bytes:
    """Return an attribute's value as its bytes."""
    return value if isinstance(value, bytes) else str(value).encode()
