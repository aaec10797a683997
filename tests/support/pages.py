"""Status pages with whatever is to be shown: queues without an AWS, and records made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prometheus_client import CollectorRegistry

from autoscaler.core.model import Advice, Cause, Decision, Heard, Minute, Reading, Reason
from autoscaler.core.ports import MemoryStore
from autoscaler.core.record import End, Record
from autoscaler.core.settings import FleetSettings, QueueSettings, Settings
from autoscaler.runtime.page.actions import Actions
from autoscaler.runtime.page.board import Board
from autoscaler.runtime.page.keys import Keys
from autoscaler.runtime.page.routes import Page
from autoscaler.runtime.status import Shown, StatusServer
from autoscaler.runtime.stores import InProcessStore
from autoscaler.telemetry.metrics import Metrics
from policies.backlog import Backlog
from support import values

NOW = values.NOW
PROMISE = 600.0
FLEET = FleetSettings("cluster", "family", "worker", ("subnet-1",))


def settings(*queues: str, **fleets_of: str) -> Settings:
    """Queues with a fleet each of their own name, unless another fleet is given."""
    of = {**{name: name for name in queues}, **fleets_of}
    return Settings(
        "test",
        dict.fromkeys(of.values(), FLEET),
        {
            name: QueueSettings(
                name, fleet, {"backlog": Backlog(acceptable_wait=PROMISE, work=1.0)}
            )
            for name, fleet in of.items()
        },
    )


def board(*queues: str, now: float = NOW, acts: bool = True, **fleets_of: str) -> Board:
    """A board of these queues that has seen nothing."""
    made = Board(lambda: now, acts=acts)
    made.configure(settings(*queues, **fleets_of))
    return made


def reading(queue: str, visible: int | None = 0, age: float | None = None, **rest: Any) -> Reading:
    """A look at a queue; its newest whole minute ended half a minute before."""
    at = rest.pop("at", NOW)
    minutes = (Minute(at - 30.0, oldest_age=age),) if age is not None else ()
    return values.reading(visible, queue=queue, at=at, minutes=minutes, **rest)


def record(*readings: Reading, fleet: str | None = None, at: float = NOW, **rest: Any) -> Record:
    """A tick that saw these queues of a fleet, by default of the first one's name."""
    live = rest.pop("live", 0)
    seen = {name: rest.pop(name) for name in ("tasks", "money", "restraints") if name in rest}
    want = Advice(want=live, why="So many are wanted.")
    name = readings[0].queue
    given: dict[str, Any] = {
        "observation": values.observation(*readings, live=live, now=at, **seen),
        "decision": Decision(
            live, live, (Reason(Cause.WANT, want.why, name, "backlog"),), (Heard(name, "p", want),)
        ),
        **rest,
    }
    return Record("test", fleet or name, int(at), at, given.pop("end", End.DECIDED), **given)


@contextmanager
def served(
    board: Board,
    *,
    host: str = "127.0.0.1",
    token: str | None = None,
    keys: Keys | None = None,
    store: MemoryStore | None = None,
) -> Iterator[tuple[str, Metrics]]:
    """The page's address, and metrics that are to be told the same records."""
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    actions = Actions(board, store or InProcessStore(), keys or Keys(), lambda: NOW + 5)
    shown = Shown(registry, lambda: None, Page(board, actions))
    with StatusServer(host, 0, shown, token) as status:
        yield f"http://127.0.0.1:{status.port}", metrics
