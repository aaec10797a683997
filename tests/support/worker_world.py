"""A queue and a bench on a virtual clock, on which the worker's loop runs without sleeping."""

import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, TypeVar

from autoscaler.worker.errors import LastingError, PassingError
from autoscaler.worker.hook_calls import Hooks
from autoscaler.worker.hooks import Hook
from autoscaler.worker.loop import Loop
from autoscaler.worker.message import Message
from autoscaler.worker.payloads import Pointer
from autoscaler.worker.ports import Lane, Payloads, Refusal
from autoscaler.worker.rules import QueueRules, Rules
from autoscaler.worker.source import open_source
from autoscaler.worker.teller import Teller

T = TypeVar("T")

LATENCY_SECONDS = 0.005
MOST_TURNS_IN_AN_INSTANT = 500

Outcome = tuple[float, BaseException | None]


class VirtualBench:
    """Runs jobs in no time and delivers their results when they would have come."""

    def __init__(self, work: Callable[[Message], Outcome]) -> None:
        self.time = 0.0
        self.work = work
        self.abandoned: list[str] = []
        self.handled: list[tuple[float, float, Message]] = []
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._lanes: dict[Lane, deque[Callable[[], None]]] = {}
        self._extra = 0.0

    def now(self) -> float:
        return self.time

    def at(self, time: float, news: Callable[[], None]) -> None:
        heapq.heappush(self._events, (time, next(self._numbers), news))

    def post(self, news: Callable[[], None]) -> None:
        self.at(self.time, news)

    @property
    def handling(self) -> list[tuple[float, float, str]]:
        """Start, end and id of every handling, in the order of their starts."""
        return [(start, end, message.id) for start, end, message in self.handled]

    def take_time(self, seconds: float) -> None:
        """Let the call under way take longer."""
        self._extra += seconds

    def call(
        self,
        lane: Lane,
        job: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[PassingError | LastingError], None],
    ) -> None:
        waiting = self._lanes.setdefault(lane, deque())
        waiting.append(lambda: self._run(lane, job, then, failed))
        if len(waiting) == 1:
            self.post(waiting[0])

    def _run(
        self,
        lane: Lane,
        job: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[PassingError | LastingError], None],
    ) -> None:
        self._extra = LATENCY_SECONDS
        try:
            result = job()
        except (PassingError, LastingError) as error:
            caught = error
            self.at(self.time + self._extra, lambda: failed(caught))
        else:
            self.at(self.time + self._extra, lambda: then(result))
        self.at(self.time + self._extra, lambda: self._run_next(self._lanes[lane]))

    def _run_next(self, waiting: deque[Callable[[], None]]) -> None:
        waiting.popleft()
        if waiting:
            self.post(waiting[0])

    def handle(self, message: Message, then: Callable[[BaseException | None], None]) -> None:
        seconds, error = self.work(message)
        self.handled.append((self.time, self.time + seconds, message))
        self.at(self.time + seconds, lambda: then(error))

    def abandon(self, message: Message) -> None:
        message.ask_to_stop()
        self.abandoned.append(message.id)

    def settle(self) -> None:
        """Deliver all that is under way, with no loop."""
        while self._events:
            self.time, _, news = heapq.heappop(self._events)
            news()

    def run(self, loop: Loop, until: float = math.inf) -> None:
        """Drive the loop as the command does, to its end or to a time."""
        turns, instant = 0, -1.0
        while True:
            wake_at = loop.turn()
            if loop.over:
                return
            turns = turns + 1 if self.time == instant else 0
            instant = self.time
            assert turns < MOST_TURNS_IN_AN_INSTANT, "the loop spins without the clock going on"
            next_at = min(wake_at, self._events[0][0] if self._events else math.inf)
            if next_at > until:
                self.time = until
                return
            assert next_at < math.inf, "the loop waits for nothing"
            self.time = max(self.time, next_at)
            while self._events and self._events[0][0] <= self.time:
                heapq.heappop(self._events)[2]()


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
    """What SQS does, on the bench's clock: visibility, receive counts, dead letters, refusals.

    `faults` is asked before each call, by its name; it may raise.
    """

    bench: VirtualBench
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
        return [each.id for each in self.stored.values() if each.visible_at <= self.bench.time]

    def receive(self, count: int, poll_seconds: int) -> Sequence[Message]:
        self._called("receive")
        assert 1 <= count <= 10
        for message_id in self.visible():
            if self.stored[message_id].receives >= self.max_receives:
                self.dead.append(self.stored.pop(message_id).id)
        held = {each.group for each in self.stored.values() if each.visible_at > self.bench.time}
        open_ = [self.stored[each] for each in self.visible()]
        free = [each for each in open_ if each.group is None or each.group not in held]
        taken = [self._take(each) for each in free[:count]]
        if not taken:
            self.bench.take_time(poll_seconds)
        self.received.append((self.bench.time, count, len(taken)))
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
        if found is None or found.receipt != receipt or found.visible_at <= self.bench.time:
            return Refusal("MessageNotInflight", ours=True)
        if self.bench.time + seconds > found.received_at + 43_200:
            return Refusal("InvalidParameterValue", ours=True)
        refusal = self.refuse("set_visibility", found.id)
        if refusal is None:
            found.visible_at = self.bench.time + seconds
        return refusal

    def _take(self, found: Stored) -> Message:
        found.receives += 1
        found.receipt = f"{found.id}/{found.receives}"
        found.received_at = self.bench.time
        found.visible_at = self.bench.time + self.visibility
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


class Notes:
    """A report that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, object]]] = []

    def __call__(self, event: str, **facts: object) -> None:
        self.events.append((event, facts))

    def named(self, name: str) -> list[dict[str, object]]:
        return [facts for event, facts in self.events if event == name]


class NoPayloads:
    """What a worker has whose messages carry their bodies themselves."""

    def fetch(self, pointer: Pointer) -> str:
        raise AssertionError(pointer)

    def delete(self, pointer: Pointer) -> None:
        raise AssertionError(pointer)


class World:
    """A loop with a virtual queue; `work` says how long a message takes and what it raises.

    `more` are rules that only some tests give; `others` are further queues, by name.
    """

    def __init__(
        self,
        work: Callable[[Message], Outcome] | float = 1.0,
        *,
        slots: int = 1,
        visibility: int = 30,
        wait: float = 5.0,
        retry_cap: float = 300.0,
        time_limit: float = math.inf,
        max_receives: int = 1000,
        seed: int = 0,
        hooks: Sequence[Hook] = (),
        payloads: Payloads | None = None,
        bench: VirtualBench | None = None,
        more: Mapping[str, Any] | None = None,
        others: Mapping[str, Mapping[str, Any]] | None = None,
        **rules: Any,
    ) -> None:
        self.bench = bench or VirtualBench(_script(work))
        self.notes = Notes()
        self.hooks = Hooks(hooks, self.bench, self.notes, self.bench.now)
        common = QueueRules(visibility, wait, 1, retry_cap, slots, time_limit)
        self.queues: dict[str, VirtualQueue] = {}
        sources = []
        for name, own in {"queue": more or {}, **(others or {})}.items():
            self.queues[name] = VirtualQueue(self.bench, visibility, max_receives, name)
            source = (name, replace(common, **own), self.queues[name], self.bench, self.notes)
            sources.append(open_source(*source, payloads or NoPayloads()))
        self.queue = self.queues["queue"]
        given = Rules(**{"slots": slots, "not_before": 0.0, "grace_seconds": 25.0, **rules})
        teller = Teller(self.bench, self.notes, self.hooks)
        self.loop = Loop(given, sources, teller, Random(seed))

    def run(self, until: float = math.inf) -> "World":
        self.bench.run(self.loop, until)
        return self


def _script(work: Callable[[Message], Outcome] | float) -> Callable[[Message], Outcome]:
    return work if callable(work) else lambda _message: (work, None)
