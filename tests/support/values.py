"""Short builders of the core's values: a test names only what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from autoscaler.core import needs
from autoscaler.core.actions import Intent, Launch
from autoscaler.core.learned import Learned
from autoscaler.core.model import Advice, Decision, Observation, Reading
from autoscaler.core.rules import Combine, Fallback, FleetRules, Limits, Policy, QueueRules, Spot
from autoscaler.core.tasks import Fleet, Provider, Task, TaskState

NOW = 1_700_000_040.0
"""A whole minute, so that the minutes of metrics fall on it."""

PERIOD = 120.0


@dataclass(frozen=True)
class Says:
    """A policy that gives the same answer whatever it sees; a real one answers advice."""

    answer: Any = None

    needs: ClassVar = ()

    def advise(self, seen: Observation) -> Any:
        return self.answer


@dataclass(frozen=True)
class NeedsCounts(Says):
    needs: ClassVar = (needs.counts,)


@dataclass(frozen=True)
class Raises:
    error: Exception

    needs: ClassVar = ()

    def advise(self, seen: Observation) -> Advice:
        raise self.error


@dataclass(frozen=True)
class Counts:
    """A policy that counts in its notes how often it was asked, and wants that many."""

    needs: ClassVar = ()

    def advise(self, seen: Observation) -> Advice:
        asked = (seen.notes or {}).get("asked", 0) + 1
        return Advice(want=0, notes={"asked": asked}, why=f"Asked {asked} times.")


def saying(**advice: Any) -> Says:
    """A policy with this advice."""
    return Says(Advice(**advice))


def reading(
    visible: int | None = 0,
    in_flight: int | None = 0,
    delayed: int | None = 0,
    queue: str = "q",
    at: float = NOW,
    **rest: Any,
) -> Reading:
    return Reading(queue, at, visible, in_flight, delayed, **rest)


def blind(queue: str = "q", at: float = NOW) -> Reading:
    """A look at a queue that told nothing."""
    return Reading(queue, at, trouble=f"{queue} could not be read")


def task(
    name: str = "t1",
    state: TaskState = TaskState.RUNNING,
    fleet: str | None = "f",
    provider: Provider | None = Provider.FARGATE,
    **rest: Any,
) -> Task:
    return Task(name, fleet, provider, state, **rest)


def fleet(live: int = 0, unseen: int = 0, provider: Provider = Provider.FARGATE) -> Fleet:
    return Fleet(tuple(task(f"t{n}", provider=provider) for n in range(live)), unseen)


def observation(
    *readings: Reading,
    live: int = 0,
    tasks: Fleet | None = None,
    now: float = NOW,
    **rest: Any,
) -> Observation:
    """What a tick saw: one idle queue and ``live`` tasks unless told otherwise."""
    shown = readings or (reading(),)
    return Observation(
        now=now,
        tick=int(now),
        next_tick_at=now + PERIOD,
        readings={one.queue: one for one in shown},
        fleet=tasks or fleet(live),
        learned=rest.pop("learned", Learned()),
        queue=rest.pop("queue", shown[0].queue),
        **rest,
    )


def queue(
    *policies: Policy,
    name: str = "q",
    combine: Combine = Combine.MAX,
    when_unknown: Fallback | None = None,
) -> QueueRules:
    """The rules of one queue; its policies are called p1, p2 and so on."""
    named = {f"p{n}": policy for n, policy in enumerate(policies, 1)}
    return QueueRules(name, named, combine, when_unknown)


def rules(
    *queues: QueueRules,
    name: str = "f",
    combine: Combine = Combine.MAX,
    spot: Spot = Spot(),  # noqa: B008 - frozen
    **limits: int,
) -> FleetRules:
    return FleetRules(name, queues, Limits(**limits), combine, spot)


def decision(missing: int = 0, live: int = 0, **rest: Any) -> Decision:
    return Decision(target=live + missing, live=live, reasons=(), **rest)


def intent(
    name: str = "launch",
    count: int = 1,
    tick: int = int(NOW),
    saved_at: float = NOW,
    provider: Provider = Provider.FARGATE,
    **rest: Any,
) -> Intent:
    return Intent(name, tick, rest.pop("n", 0), Launch(provider, count), saved_at, **rest)


def by_id(*tasks: Task) -> Mapping[str, Task]:
    return {one.id: one for one in tasks}
