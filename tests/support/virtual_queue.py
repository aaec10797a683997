"""A queue as SQS is, on a virtual clock."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from autoscaler.worker.message import Message
from autoscaler.worker.ports import Refusal
from support.virtual_bench import VirtualClock


@dataclass
class Stored:
    id: str
    body: str
    group: str | None = None
    visible_at: float = 0.0
    first_receivable_at: float = 0.0
    receives: int = 0
    receipt: str = ""
    received_at: float = 0.0


@dataclass
class VirtualQueue:
    """What SQS does, on the clock: visibility, receive counts, dead letters, refusals.

    `faults` is asked before each call, by its name; it may raise.
    """

    clock: VirtualClock
    visibility: int = 30
    max_receives: int = 1000
    name: str = "queue"
    stored: dict[str, Stored] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    received: list[tuple[float, int, int]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    faults: Callable[[str], None] = lambda name: None
    refuse: Callable[[str, str], Refusal | None] = lambda name, message_id: None
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def send(self, *bodies: str, at: float = 0.0, group: str | None = None) -> list[str]:
        """Put messages in; a group's come in their order and wait for one another, as in FIFO."""
        ids = [f"{self.name}-{next(self._numbers)}" for _ in bodies]
        for message_id, body in zip(ids, bodies, strict=True):
            self.stored[message_id] = Stored(message_id, body, group, visible_at=at)
        return ids

    def visible(self) -> list[str]:
        return [each.id for each in self.stored.values() if each.visible_at <= self.clock.time]

    def receive(self, count: int, poll_seconds: int) -> Sequence[Message]:
        self._called("receive")
        assert 1 <= count <= 10
        for message_id in self.visible():
            if self.stored[message_id].receives >= self.max_receives:
                self.dead.append(self.stored.pop(message_id).id)
        held = {each.group for each in self.stored.values() if each.visible_at > self.clock.time}
        open_ = [self.stored[each] for each in self.visible()]
        free = [each for each in open_ if each.group is None or each.group not in held]
        taken = [self._take(each) for each in free[:count]]
        if not taken:
            self.clock.take_time(poll_seconds)
        self.received.append((self.clock.time, count, len(taken)))
        return taken

    def delete(self, receipts: Sequence[str]) -> Mapping[str, Refusal]:
        self._called("delete")
        assert 1 <= len(receipts) <= 10
        refused = {}
        for receipt in receipts:
            message_id = receipt.partition("/")[0]
            if refusal := self.refuse("delete", message_id):
                refused[receipt] = refusal
            elif message_id in self.stored:
                del self.stored[message_id]
                self.deleted.append(message_id)
        return refused

    def set_visibility(self, seconds: Mapping[str, int]) -> Mapping[str, Refusal]:
        self._called("set_visibility")
        assert 1 <= len(seconds) <= 10
        refused = {}
        for receipt, wanted in seconds.items():
            if refusal := self._hide(receipt, wanted):
                refused[receipt] = refusal
        return refused

    def _hide(self, receipt: str, seconds: int) -> Refusal | None:
        found = self.stored.get(receipt.partition("/")[0])
        if found is None or found.receipt != receipt or found.visible_at <= self.clock.time:
            return Refusal("MessageNotInflight", ours=True)
        if self.clock.time + seconds > found.received_at + 43_200:
            return Refusal("InvalidParameterValue", ours=True)
        refusal = self.refuse("set_visibility", found.id)
        if refusal is None:
            found.visible_at = self.clock.time + seconds
        return refusal

    def _take(self, found: Stored) -> Message:
        found.receives += 1
        found.receipt = f"{found.id}/{found.receives}"
        found.received_at = self.clock.time
        found.visible_at = self.clock.time + self.visibility
        return Message(
            body=found.body,
            id=found.id,
            receive_count=found.receives,
            receipt=found.receipt,
            queue=self.name,
            group=found.group,
        )

    def _called(self, name: str) -> None:
        self.calls.append(name)
        self.faults(name)
