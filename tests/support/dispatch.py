"""Messages to dispatch, and a crew that says what a test has it say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from autoscaler.core.actions import Failure, FailureKind, Outcome
from autoscaler.core.rules import Spot
from autoscaler.core.tasks import Provider
from autoscaler.dispatch.dispatching import Dispatch, Fate, Rules
from autoscaler.dispatch.messages import Group, Incoming
from autoscaler.dispatch.ports import Carrier

NO_SPOT = Outcome(failures=(Failure("Capacity is unavailable", "", FailureKind.CAPACITY),))


def incoming(name: str, **rest: object) -> Incoming:
    return Incoming(name, rest.pop("body", f"body of {name}"), **rest)  # type: ignore[arg-type]


def carrier(*messages: str, task: str = "t", provider: Provider = Provider.FARGATE) -> Carrier:
    return Carrier(task, provider, frozenset(messages))


@dataclass
class SaidCrew:
    """The tasks that a test says there are."""

    alive: Sequence[Carrier] = ()
    gone: Sequence[Carrier] = ()
    asked: int = 0

    def live(self) -> Sequence[Carrier]:
        return self.alive

    def ended(self) -> Sequence[Carrier]:
        self.asked += 1
        return self.gone


@dataclass
class Asked:
    """Accepts every launch, but those whose answer a test gives; notes what it was asked."""

    answers: dict[tuple[str, int], Outcome] = field(default_factory=dict)
    """By the first message's id and the number of the try."""
    launches: list[tuple[str, int, Provider, tuple[str, ...]]] = field(default_factory=list)
    """Token, try, provider and the messages' ids."""

    def start(self, group: Group, token: str, n: int, provider: Provider) -> Outcome:
        ids = tuple(message.id for message in group)
        self.launches.append((token, n, provider, ids))
        return self.answers.get((group[0].id, n)) or Outcome(tasks=(f"task-{token[:6]}",))


def rules(ack: str = "on_launch", group_by: str = "message", **rest: object) -> Rules:
    spot = rest.pop("spot", Spot())
    most = rest.pop("max_tasks", 10)
    return Rules("house", "f", group_by, ack, most, spot)  # type: ignore[arg-type]


def run(said: Rules, crew: SaidCrew, asked: Asked, *messages: Incoming) -> dict[str, Fate]:
    """Dispatch a batch; the fate of each message by its id."""
    fates = Dispatch(said, crew.live(), crew, asked).run(messages)
    return {message.id: fate for fate in fates for message in fate.messages}
