"""Messages in, tasks started, and what became of each message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from autoscaler.core.actions import FailureKind, Outcome
from autoscaler.core.rules import Spot
from autoscaler.core.tasks import Provider
from autoscaler.dispatch.messages import Group, Incoming, grouped
from autoscaler.dispatch.naming import provider, token
from autoscaler.dispatch.payload import ON_DONE
from autoscaler.dispatch.ports import Carrier, Crew, Launches


class End(StrEnum):
    """What became of a group."""

    LAUNCHED = "launched"  # RunTask accepted its task
    CARRIED = "carried"  # it has had its task already, and came again all the same
    IN_HAND = "in_hand"  # a task that is not done yet has it, and will delete it
    FULL = "full"  # max_tasks are live, or the launch rate is used up
    REFUSED = "refused"  # certainly no task
    UNSURE = "unsure"  # nobody knows whether there is a task


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of some messages, and why."""

    messages: Group
    end: End
    why: str = ""
    task: str | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What dispatch goes by for one queue."""

    installation: str
    fleet: str
    group_by: str
    ack: str
    max_tasks: int
    spot: Spot = field(default_factory=Spot)
    on_demand: Provider = Provider.FARGATE


def accepted(fates: Iterable[Fate]) -> list[Incoming]:
    """The messages whose task RunTask accepted, now or before."""
    ends = (End.LAUNCHED, End.CARRIED)
    return [message for fate in fates if fate.end in ends for message in fate.messages]


@dataclass
class Dispatch:
    """Dispatches one batch; the crew's live tasks were looked at shortly before."""

    rules: Rules
    live: Sequence[Carrier]
    crew: Crew
    launches: Launches

    def __post_init__(self) -> None:
        self._room = self.rules.max_tasks - len(self.live)
        self._on_demand = sum(one.provider is not Provider.FARGATE_SPOT for one in self.live)

    def run(self, messages: Sequence[Incoming]) -> list[Fate]:
        """Start a task for each group that has none.

        Raises:
            ObservationError: some messages come again, and whether they have a task is unknown.
        """
        known, fresh = self._known(messages)
        return [*known, *(self._dispatch(one) for one in grouped(fresh, self.rules.group_by))]

    def _known(self, messages: Sequence[Incoming]) -> tuple[list[Fate], list[Incoming]]:
        """Those with a task, by what its environment tells; and those without."""
        living = _by_message(self.live)
        again = any(message.receives > 1 for message in messages)
        ended = _by_message(self.crew.ended()) if again else {}
        on_done = self.rules.ack == ON_DONE
        known, fresh = [], []
        for message in messages:
            had = living.get(message.id) or (None if on_done else ended.get(message.id))
            end = End.IN_HAND if on_done else End.CARRIED
            if had:
                known.append(Fate((message,), end, "it came again", had))
            else:
                fresh.append(message)
        return known, fresh

    def _dispatch(self, group: Group) -> Fate:
        if self._room <= 0:
            return Fate(group, End.FULL, f"{self.rules.max_tasks} tasks are live: max_tasks")
        first = token(self.rules.installation, self.rules.fleet, group, 0)
        spot, on_demand = self.rules.spot, self.rules.on_demand
        chosen = provider(first, self._on_demand, spot, on_demand)
        outcome = self.launches.start(group, first, 0, chosen)
        if chosen is Provider.FARGATE_SPOT and _short(outcome) and spot.fallback == "on_demand":
            chosen = on_demand
            second = token(self.rules.installation, self.rules.fleet, group, 1)
            outcome = self.launches.start(group, second, 1, chosen)
        return self._fate(group, outcome, chosen)

    def _fate(self, group: Group, outcome: Outcome, chosen: Provider) -> Fate:
        if outcome.tasks or outcome.unsure:
            self._room -= 1  # whoever is not sure counts it
            self._on_demand += chosen is not Provider.FARGATE_SPOT
        if outcome.tasks:
            return Fate(group, End.LAUNCHED, chosen.value, outcome.tasks[0])
        if outcome.unsure:
            return Fate(group, End.UNSURE, outcome.unsure)
        if any(failure.kind is FailureKind.LATE for failure in outcome.failures):
            return Fate(group, End.FULL, _why(outcome))
        return Fate(group, End.REFUSED, _why(outcome))


def _by_message(carriers: Iterable[Carrier]) -> dict[str, str]:
    return {message: one.task for one in carriers for message in one.messages}


def _short(outcome: Outcome) -> bool:
    """Whether Spot had no room; nothing was launched, for certain."""
    lacking = any(failure.kind is FailureKind.CAPACITY for failure in outcome.failures)
    return lacking and not outcome.tasks and outcome.unsure is None


def _why(outcome: Outcome) -> str:
    return "; ".join(
        f"{each.reason}: {each.detail}".removesuffix(": ") for each in outcome.failures
    )
