"""Metrics as log lines: CloudWatch reads out of them what Prometheus would have been shown."""

from __future__ import annotations

import json

import pytest
from prometheus_client import CollectorRegistry
from support import values
from support.records import record

from autoscaler.core.actions import Outcome
from autoscaler.core.instance_groups import Tending
from autoscaler.core.model import Cause, Minute, Reason
from autoscaler.core.record import End, Record
from autoscaler.local.emf import metrics_in
from autoscaler.telemetry.emf import FOR_ALARMS, NAMESPACE, figures, lines
from autoscaler.telemetry.metrics import Metrics

OLD = values.reading(dead_letters=3, minutes=(Minute(values.NOW - 60.0, oldest_age=400.0),))
HELD = (Reason(Cause.BREAKER, "tasks fail to start"),)


Samples = set[tuple[str, frozenset[tuple[str, str]], float]]


def told(record: Record) -> Samples:
    """Zeros of what is only counted are not told: each would be billed."""
    found = {(one.name, frozenset(one.labels), one.value) for one in figures(record)}
    assert all(value for name, _, value in found if name.endswith("_total"))
    return {one for one in found if one[2]}


def shown(record: Record, names: set[str]) -> Samples:
    """What Prometheus is shown by these names after one tick."""
    registry = CollectorRegistry()
    Metrics(registry).write(record)
    samples = [sample for family in registry.collect() for sample in family.samples]
    found = {
        (one.name.removesuffix("_sum"), frozenset(one.labels.items()), one.value) for one in samples
    }
    return {one for one in found if one[0] in names and one[2]}


@pytest.mark.parametrize(
    "tick",
    [
        record(),
        record(end=End.HELD, observation=None, decision=None),
        record(observation=values.observation(tasks=values.fleet(2, 1), restraints=HELD)),
        record(
            observation=values.observation(
                values.reading(dead_letters=3, visible=None, minutes=OLD.minutes)
            )
        ),
        record(outcomes={values.intent().token: Outcome(unsure="time-out")}),
        record(tending=Tending("workers", needed=3, standing={"ready": 2, "draining": 1})),
        record(tending=Tending("workers")),
    ],
)
def test_names_labels_and_values_are_those_prometheus_is_shown(tick: Record) -> None:
    assert told(tick) == shown(tick, {one.name for one in figures(tick)})
    assert len(told(tick)) > 1


def test_cloudwatch_reads_each_metric_with_its_installation_and_its_labels() -> None:
    found = [each for line in lines(record()) for each in metrics_in(json.dumps(line))]

    (ticks,) = [
        one for one in found if one.name.endswith("ticks_total") and len(one.dimensions) > 2
    ]
    assert dict(ticks.dimensions) == {"installation": "test", "fleet": "f", "outcome": "decided"}
    assert (ticks.namespace, ticks.values, ticks.unit, ticks.at) == (NAMESPACE, (1,), "Count", 121)


def test_what_alarms_watch_is_told_for_the_whole_installation_too() -> None:
    tick = record(observation=values.observation(OLD, restraints=HELD))

    found = [each for line in lines(tick) for each in metrics_in(json.dumps(line))]

    named = {(one.name, frozenset(name for name, _ in one.dimensions)) for one in found}
    assert {
        (name, frozenset(["installation", *labels])) for name, labels in FOR_ALARMS.items()
    } <= named


def test_for_alarms_alone_nothing_else_is_told() -> None:
    found = [
        each for line in lines(record(), alarms_only=True) for each in metrics_in(json.dumps(line))
    ]

    assert found
    assert {one.name for one in found} <= FOR_ALARMS.keys()
    assert all(len(one.dimensions) == 1 + len(FOR_ALARMS[one.name]) for one in found)
