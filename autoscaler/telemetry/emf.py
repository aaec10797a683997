"""Metrics of a tick as CloudWatch's embedded metric format: log lines that become metrics. Pure.

Names and labels are those of the Prometheus metrics, with the installation as one more. Each
metric of each combination of labels is billed as a metric of its own, so what counts for alarms
is also told without its fleet or queue, and what is rather asked of records is not told at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autoscaler.core.model import Cause
from autoscaler.core.record import Record, desired

NAMESPACE = "Autoscaler"

AGE = "autoscaler_queue_oldest_message_age_seconds"
DEAD_LETTERS = "autoscaler_queue_dead_letters"
RESTRAINED = "autoscaler_restrained"
TICKS = "autoscaler_ticks_total"
TICK_SECONDS = "autoscaler_tick_duration_seconds"

FOR_ALARMS: Mapping[str, tuple[str, ...]] = {
    AGE: (),
    DEAD_LETTERS: (),
    RESTRAINED: ("reason",),
    TICKS: ("outcome",),
}
"""What alarms watch, with the labels it keeps when it is told for the whole installation."""

_UNITS = {AGE: "Seconds", TICK_SECONDS: "Seconds"}
_RESTRAINING = (Cause.BREAKER, Cause.PAUSED, Cause.UNCONFIRMED)

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric of one tick, or of one batch that is dispatched."""

    name: str
    value: float
    labels: Labels = ()


def lines(record: Record, *, alarms_only: bool = False) -> Iterator[dict[str, Any]]:
    """What is to be logged of one tick of one fleet, a JSON object a line.

    ``alarms_only``: no more than what alarms watch, which is a tenth of the price.
    """
    yield from told(figures(record), record.installation, record.at, alarms_only=alarms_only)


def told(
    these: Iterable[Figure], installation: str, at: float, *, alarms_only: bool = False
) -> Iterator[dict[str, Any]]:
    """Figures of one second, as few lines as their labels allow."""
    together: dict[tuple[Labels, tuple[tuple[str, ...], ...]], dict[str, float]] = defaultdict(dict)
    for figure in these:
        if sets := _dimensions(figure, alarms_only=alarms_only):
            together[figure.labels, sets][figure.name] = figure.value
    for (labels, sets), values in together.items():
        stamp = _stamp(at, sets, values)
        yield {"_aws": stamp, "installation": installation, **dict(labels), **values}


def figures(record: Record) -> Iterator[Figure]:
    """Every metric of one tick of one fleet."""
    fleet = ("fleet", record.fleet)
    yield Figure(TICKS, 1, (fleet, ("outcome", record.end.value)))
    yield Figure(TICK_SECONDS, record.seconds)
    yield from _launches(record, fleet)
    yield from _setting(record, fleet)
    yield from _instances(record, fleet)
    yield from _policy_failures(record)
    yield from _readings(record)
    yield from _tasks(record, fleet)
    yield from _restraints(record, fleet)


def _launches(record: Record, fleet: tuple[str, str]) -> Iterator[Figure]:
    accepted: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for intent in record.intents:
        if outcome := record.outcomes.get(intent.token):
            accepted[intent.launch.provider.value] += len(outcome.tasks)
            lost = outcome.unsure is not None
            failed[intent.launch.provider.value] += len(outcome.failures) + lost
    for name, tally in (("tasks_launched", accepted), ("launch_failures", failed)):
        for provider, count in tally.items():
            if count:
                yield Figure(f"autoscaler_{name}_total", count, (fleet, ("provider", provider)))


def _setting(record: Record, fleet: tuple[str, str]) -> Iterator[Figure]:
    if (count := desired(record)) is not None:
        yield Figure("autoscaler_service_desired_tasks", count, (fleet,))
    if record.answer and (record.answer.failures or record.answer.unsure):
        yield Figure("autoscaler_setting_failures_total", 1, (fleet,))


def _instances(record: Record, fleet: tuple[str, str]) -> Iterator[Figure]:
    if record.tending is None:
        return
    for state, count in (record.tending.standing or {}).items():
        yield Figure("autoscaler_instances", count, (fleet, ("state", state)))
    if record.tending.needed is not None:
        yield Figure("autoscaler_instances_needed", record.tending.needed, (fleet,))


def _policy_failures(record: Record) -> Iterator[Figure]:
    said = record.decision.reasons if record.decision else ()
    failed = Counter(
        (reason.queue, str(reason.policy))
        for reason in (*said, *record.reasons)
        if reason.cause is Cause.POLICY_FAILED and reason.queue
    )
    for (queue, policy), count in failed.items():
        labels = (("queue", queue), ("policy", policy))
        yield Figure("autoscaler_policy_failures_total", count, labels)


def _readings(record: Record) -> Iterator[Figure]:
    """What is unknown is not told: it is no zero."""
    for reading in record.observation.readings.values() if record.observation else ():
        queue = ("queue", reading.queue)
        for state in ("visible", "in_flight", "delayed"):
            if (count := getattr(reading, state)) is not None:
                yield Figure("autoscaler_queue_messages", count, (queue, ("state", state)))
        if reading.oldest_age is not None:
            yield Figure(AGE, reading.oldest_age, (queue,))
        if reading.dead_letters is not None:
            yield Figure(DEAD_LETTERS, reading.dead_letters, (queue,))


def _tasks(record: Record, fleet: tuple[str, str]) -> Iterator[Figure]:
    seen = record.observation.fleet if record.observation else None
    if seen is not None:
        tally = Counter((task.provider, task.state) for task in seen.tasks)
        for (provider, state), count in tally.items():
            name = provider.value if provider else "unknown"
            labels = (fleet, ("provider", name), ("state", state.value))
            yield Figure("autoscaler_tasks", count, labels)
        if seen.unseen:
            labels = (fleet, ("provider", "unknown"), ("state", "unseen"))
            yield Figure("autoscaler_tasks", seen.unseen, labels)
    if record.decision and record.decision.target is not None:
        yield Figure("autoscaler_tasks_target", record.decision.target, (fleet,))


def _restraints(record: Record, fleet: tuple[str, str]) -> Iterator[Figure]:
    held = record.observation.restraints if record.observation else ()
    for cause in _RESTRAINING:
        if any(one.cause is cause for one in held):
            yield Figure(RESTRAINED, 1, (fleet, ("reason", cause.value)))


def _dimensions(figure: Figure, *, alarms_only: bool) -> tuple[tuple[str, ...], ...]:
    """The combinations of labels it is told by, every one of them with the installation."""
    kept = FOR_ALARMS.get(figure.name)
    whole = () if kept is None else (("installation", *kept),)
    own = ("installation", *(name for name, _ in figure.labels))
    return whole if alarms_only else (own, *whole)


def _stamp(
    at: float, sets: tuple[tuple[str, ...], ...], values: Mapping[str, float]
) -> dict[str, Any]:
    metrics = [{"Name": name, "Unit": _UNITS.get(name, "Count")} for name in values]
    directive = {"Namespace": NAMESPACE, "Dimensions": sets, "Metrics": metrics}
    return {"Timestamp": int(at * 1000), "CloudWatchMetrics": [directive]}
