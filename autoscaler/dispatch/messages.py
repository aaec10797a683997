"""Messages as they were received, and how they are grouped: a group becomes a task."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

MOST_IN_GROUP = 100
"""A task's environment tells the ids of its messages: 40 characters each of the 8,192 there are."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One delivery of one message."""

    id: str
    body: str
    attributes: Mapping[str, str | bytes] = field(default_factory=dict)
    """The sender's own: numbers as text, binary ones as bytes."""
    receipt: str = ""
    """SQS's handle of this delivery."""
    group: str | None = None
    """Its ``MessageGroupId``."""
    receives: int = 1
    """This delivery counted, too [SQS ApproximateReceiveCount]."""
    sent_at: int | None = None
    """Milliseconds since the epoch [SQS SentTimestamp]."""


Group = tuple[Incoming, ...]
"""Messages of one task, in the order they came; never empty."""

_BY_ATTRIBUTE = "attribute:"

_Key = Callable[[Incoming], str | None]


def grouped(messages: Iterable[Incoming], by: str) -> list[Group]:
    """The groups of a batch, in the order of their first messages.

    A message that lacks what is grouped by is a group by itself: nothing says with which others
    it belongs. Groups are cut at `MOST_IN_GROUP`.

    Args:
        messages: of one queue. Of a message that is there twice, the last delivery counts.
        by: ``message``, ``message_group``, ``all`` or ``attribute:NAME``.
    """
    key, found = _key(by), dict[tuple[str, str], list[Incoming]]()
    for one in {message.id: message for message in messages}.values():
        value = key(one)
        found.setdefault(("alone", one.id) if value is None else ("key", value), []).append(one)
    return [part for group in found.values() for part in _cut(group)]


def _key(by: str) -> _Key:
    if by.startswith(_BY_ATTRIBUTE):
        name = by.removeprefix(_BY_ATTRIBUTE)
        return lambda message: _text(message.attributes.get(name))
    return _KEYS[by]


_KEYS: Mapping[str, _Key] = {
    "all": lambda _: "",
    "message": lambda _: None,
    "message_group": lambda message: message.group,
}


def _text(value: str | bytes | None) -> str | None:
    return value.hex() if isinstance(value, bytes) else value


def _cut(group: Sequence[Incoming]) -> Iterable[Group]:
    for start in range(0, len(group), MOST_IN_GROUP):
        yield tuple(group[start : start + MOST_IN_GROUP])
