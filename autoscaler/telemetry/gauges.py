"""What the newest record of each fleet shows, as Prometheus's gauges."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from autoscaler.core.model import Cause, Reading
from autoscaler.core.record import Record, desired
from autoscaler.telemetry.table import controller as table
from autoscaler.telemetry.table.row import Kind, Row

RESTRAINING = (Cause.BREAKER, Cause.PAUSED, Cause.UNCONFIRMED)

Sample = tuple[tuple[str, ...], float]
"""The values of a metric's labels, and its own."""


def families(records: list[Record], decided_at: Mapping[str, float]) -> Iterator[Metric]:
    """Every gauge; what is unknown has no sample."""
    for row, samples in _GAUGES:
        yield _family(row, samples(records))
    yield _family(table.LAST_DECISION, (((fleet,), at) for fleet, at in decided_at.items()))


def _family(row: Row, samples: Iterable[Sample]) -> Metric:
    family = _FAMILIES[row.kind](row.name, row.meaning, labels=row.labels)
    for labels, value in samples:
        family.add_metric(labels, value)
    return family


def _messages(records: list[Record]) -> Iterator[Sample]:
    for reading in _readings(records):
        for state in ("visible", "in_flight", "delayed"):
            count = getattr(reading, state)
            if count is not None:
                yield (reading.queue, state), count


def _age(records: list[Record]) -> Iterator[Sample]:
    for reading in _readings(records):
        if reading.oldest_age is not None:
            yield (reading.queue,), reading.oldest_age


def _dead_letters(records: list[Record]) -> Iterator[Sample]:
    for reading in _readings(records):
        if reading.dead_letters is not None:
            yield (reading.queue,), reading.dead_letters


def _tasks(records: list[Record]) -> Iterator[Sample]:
    for record in records:
        fleet = record.observation.fleet if record.observation else None
        if fleet is None:
            continue
        tally = Tally((task.provider, task.state) for task in fleet.tasks)
        for (provider, state), count in tally.items():
            yield (record.fleet, provider.value if provider else "unknown", state.value), count
        yield (record.fleet, "unknown", "unseen"), fleet.unseen


def _target(records: list[Record]) -> Iterator[Sample]:
    for record in records:
        if record.decision and record.decision.target is not None:
            yield (record.fleet,), record.decision.target


def _wanted(records: list[Record]) -> Iterator[Sample]:
    for record in records:
        for heard in record.decision.heard if record.decision else ():
            if heard.advice.want is not None:
                yield (heard.queue, heard.policy), heard.advice.want


def _restrained(records: list[Record]) -> Iterator[Sample]:
    for record in records:
        if record.observation is None:
            continue
        held = {restraint.cause for restraint in record.observation.restraints}
        for cause in RESTRAINING:
            yield (record.fleet, cause.value), cause in held


def _desired(records: list[Record]) -> Iterator[Sample]:
    for record in records:
        count = desired(record)
        if count is not None:
            yield (record.fleet,), count


def _instances(records: list[Record]) -> Iterator[Sample]:
    for record in records:
        standing = record.tending.standing if record.tending else None
        for state, count in (standing or {}).items():
            yield (record.fleet, state), count


def _needed(records: list[Record]) -> Iterator[Sample]:
    for record in records:
        if record.tending and record.tending.needed is not None:
            yield (record.fleet,), record.tending.needed


def _spent(records: list[Record]) -> Iterator[Sample]:
    for record in records:
        if record.observation and record.observation.money:
            yield (record.fleet,), record.observation.money.spent


def _readings(records: list[Record]) -> Iterator[Reading]:
    for record in records:
        if record.observation:
            yield from record.observation.readings.values()


_FAMILIES: Mapping[Kind, type[CounterMetricFamily | GaugeMetricFamily]] = {
    Kind.COUNTER: CounterMetricFamily,
    Kind.GAUGE: GaugeMetricFamily,
}
_GAUGES: tuple[tuple[Row, Callable[[list[Record]], Iterator[Sample]]], ...] = (
    (table.QUEUE_MESSAGES, _messages),
    (table.QUEUE_AGE, _age),
    (table.QUEUE_DEAD_LETTERS, _dead_letters),
    (table.TASKS, _tasks),
    (table.TASKS_TARGET, _target),
    (table.POLICY_TASKS_WANTED, _wanted),
    (table.RESTRAINED, _restrained),
    (table.SERVICE_DESIRED, _desired),
    (table.INSTANCES, _instances),
    (table.INSTANCES_NEEDED, _needed),
    (table.SPENT, _spent),
)
