"""Why a tick did what it did, queue by queue: one view of a record, wherever it comes from.

The names of fields are those of the JSON that `autoscaler plan` and `autoscaler explain` print;
every key is always there, and null is what nobody knows or has no opinion on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from autoscaler.core.cost import Tariff
from autoscaler.core.model import Cause, Decision, Heard, Observation, Reason
from autoscaler.core.record import Record
from autoscaler.telemetry.costs import CostTold, cost_told
from autoscaler.telemetry.instances import InstancesTold, instances_told

VERSION = 1
"""Of the JSON form."""


@dataclass(frozen=True, slots=True)
class PolicyTold:
    """One policy's advice, and why."""

    policy: str
    answer: str
    """``advice``; ``abstained``: something it needs is unknown; ``failed``: it was left out."""
    want: int | None
    at_least: int | None
    at_most: int | None
    pause: bool
    """Whether it lets no new task start for this queue."""
    new_tasks: int | None
    """At most this many more tasks than live, for the whole fleet."""
    spot_share: float | None
    stay_until: float | None
    look_again_at: float | None
    why: str


@dataclass(frozen=True, slots=True)
class QueueTold:
    """What a queue looked like, what its policies said and what became of that."""

    queue: str
    visible: int | None
    in_flight: int | None
    delayed: int | None
    oldest_age: float | None
    """Seconds."""
    sent: float | None
    """In the newest whole minute that CloudWatch tells of."""
    deleted: float | None
    dead_letters: int | None
    trouble: str | None
    policies: tuple[PolicyTold, ...]
    steps: tuple[str, ...]
    """How their wants were combined and bounded, in order."""


@dataclass(frozen=True, slots=True)
class ServiceTold:
    """The service that a fleet is."""

    service: str
    desired: int
    """Tasks it kept when it was looked at."""
    becomes: int | None
    """Tasks it is told to keep from now on; None: as many as before."""
    deployment: str | None
    """The task definition that is being deployed to it."""
    scaled_by: str | None
    """What else scales it."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One tick of one fleet, as people ask about it."""

    installation: str
    fleet: str
    tick: int
    at: float
    end: str
    """How the tick ended: ``decided``, ``held``, ``done_before``, ``stale`` or ``failed``."""
    live: int | None
    starting: int | None
    running: int | None
    target: int | None
    signals: Mapping[str, float | None]
    """What policies asked for beyond their queue; null: unknown."""
    queues: tuple[QueueTold, ...]
    steps: tuple[str, ...]
    """What was done with the queues' wants for the whole fleet, in order."""
    launches: Mapping[str, int]
    """Tasks asked for, or to be asked for, by provider."""
    launched: int
    """Tasks that AWS accepted."""
    service: ServiceTold | None
    """None: the fleet's tasks drain and exit, or its service is unknown."""
    instances: InstancesTold | None
    """None: there are none of ours, or they could not be seen."""
    cost: CostTold | None
    """None: what a task costs is unknown, or no policy needed it at that tick."""
    refusals: tuple[str, ...]
    troubles: tuple[str, ...]


def explain(record: Record, tariff: Tariff | None = None) -> Explanation:
    """The view of a record. Pure.

    Args:
        record: of the tick.
        tariff: what a task costs, where that is known beside the record.
    """
    seen, decision = record.observation, record.decision
    if seen and seen.money and not tariff:
        tariff = seen.money.tariff
    fleet = seen.fleet if seen else None
    return Explanation(
        installation=record.installation,
        fleet=record.fleet,
        tick=record.tick,
        at=record.at,
        end=record.end.value,
        live=fleet.live if fleet else None,
        starting=fleet.starting if fleet else None,
        running=fleet.running if fleet else None,
        target=decision.target if decision else None,
        signals=seen.signals if seen else {},
        queues=tuple(_queues(seen, decision)) if seen and decision else (),
        steps=(*(_steps(decision, None) if decision else ()), *_texts(record.reasons)),
        launches=_launches(record),
        launched=record.launched,
        service=_service(record),
        instances=instances_told(record.tending),
        cost=cost_told(seen, _launches(record), _becomes(record), tariff)
        if seen and tariff
        else None,
        refusals=tuple(dict.fromkeys(refusals_of(record))),
        troubles=record.troubles,
    )


def to_json(explanations: Iterable[Explanation]) -> dict[str, Any]:
    """The JSON form, with its version: every field by its name."""
    return {"version": VERSION, "fleets": [asdict(one) for one in explanations]}


def _service(record: Record) -> ServiceTold | None:
    seen = record.observation.service if record.observation else None
    if seen is None:
        return None
    becomes = _becomes(record)
    return ServiceTold(seen.name, seen.desired, becomes, seen.deployment, seen.scaled_by)


def _becomes(record: Record) -> int | None:
    return record.setting.action.count if record.setting else None


def _queues(seen: Observation, decision: Decision) -> Iterator[QueueTold]:
    for name, reading in seen.readings.items():
        minute = reading.minutes[-1] if reading.minutes else None
        yield QueueTold(
            queue=name,
            visible=reading.visible,
            in_flight=reading.in_flight,
            delayed=reading.delayed,
            oldest_age=reading.oldest_age,
            sent=minute.sent if minute else None,
            deleted=minute.deleted if minute else None,
            dead_letters=reading.dead_letters,
            trouble=reading.trouble,
            policies=tuple(_policies(name, decision)),
            steps=_steps(decision, name),
        )


def _policies(queue: str, decision: Decision) -> Iterator[PolicyTold]:
    failed = {
        (reason.queue, reason.policy)
        for reason in decision.reasons
        if reason.cause is Cause.POLICY_FAILED
    }
    for heard in decision.heard:
        if heard.queue == queue:
            yield _policy(heard, failed=(queue, heard.policy) in failed)


def _policy(heard: Heard, *, failed: bool) -> PolicyTold:
    advice = heard.advice
    return PolicyTold(
        policy=heard.policy,
        answer="failed" if failed else "abstained" if advice.abstained else "advice",
        want=advice.want,
        at_least=advice.at_least,
        at_most=advice.at_most,
        pause=advice.pause,
        new_tasks=advice.new_tasks,
        spot_share=advice.spot_share,
        stay_until=advice.stay_until,
        look_again_at=advice.look_again_at,
        why=advice.why,
    )


def _steps(decision: Decision, queue: str | None) -> tuple[str, ...]:
    """What was done for a queue, or None: for all; what a policy said is told beside it."""
    own = (reason for reason in decision.reasons if reason.policy is None)
    return _texts(reason for reason in own if reason.queue == queue)


def _texts(reasons: Iterable[Reason]) -> tuple[str, ...]:
    return tuple(reason.text for reason in reasons)


def _launches(record: Record) -> Mapping[str, int]:
    """By provider; a launch of an earlier tick that is asked for again is live already."""
    counted: Counter[str] = Counter()
    for intent in record.intents:
        if intent.tick == record.tick:
            counted[intent.launch.provider.value] += intent.launch.count
    return dict(counted)


def refusals_of(record: Record) -> Iterator[str]:
    """What AWS said of launches that it refused, or whose answer was lost."""
    for outcome in record.answers:
        for failure in outcome.failures:
            yield f"{failure.reason}: {failure.detail}" if failure.detail else failure.reason
        if outcome.unsure:
            yield outcome.unsure
