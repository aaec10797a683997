"""What the metrics say after a tick."""

from __future__ import annotations

from prometheus_client import CollectorRegistry
from support import values
from support.records import record

from autoscaler.core.actions import Outcome
from autoscaler.core.record import End
from autoscaler.telemetry.metrics import Metrics


def metrics() -> tuple[Metrics, CollectorRegistry]:
    registry = CollectorRegistry()
    return Metrics(registry), registry


def test_a_tick_is_counted_by_how_it_ended() -> None:
    told, registry = metrics()

    told.write(record())
    told.write(record(end=End.HELD))

    for outcome in ("decided", "held"):
        labels = {"fleet": "f", "outcome": outcome}
        assert registry.get_sample_value("autoscaler_ticks_total", labels) == 1


def test_accepted_tasks_and_refusals_are_counted_by_provider() -> None:
    told, registry = metrics()

    told.write(record())

    labels = {"fleet": "f", "provider": "FARGATE_SPOT"}
    assert registry.get_sample_value("autoscaler_tasks_launched_total", labels) == 1
    assert registry.get_sample_value("autoscaler_launch_failures_total", labels) == 1


def test_a_lost_reply_counts_as_a_failed_launch() -> None:
    told, registry = metrics()
    intent = values.intent()

    told.write(record(intents=(intent,), outcomes={intent.token: Outcome(unsure="time-out")}))

    labels = {"fleet": "f", "provider": intent.launch.provider.value}
    assert registry.get_sample_value("autoscaler_launch_failures_total", labels) == 1


def test_gauges_show_the_newest_record() -> None:
    told, registry = metrics()
    busy = values.observation(values.reading(visible=40), tasks=values.fleet(2, 1))

    told.write(record())
    told.write(record(observation=busy))

    visible = {"queue": "q", "state": "visible"}
    unseen = {"fleet": "f", "provider": "unknown", "state": "unseen"}
    assert registry.get_sample_value("autoscaler_queue_messages", visible) == 40
    assert registry.get_sample_value("autoscaler_tasks", unseen) == 1
    assert registry.get_sample_value("autoscaler_tasks_target", {"fleet": "f"}) == 4


def test_an_unknown_count_has_no_series_instead_of_a_zero() -> None:
    told, registry = metrics()

    told.write(record(observation=values.observation(values.blind())))

    visible = {"queue": "q", "state": "visible"}
    assert registry.get_sample_value("autoscaler_queue_messages", visible) is None


def test_dead_letters_are_shown_where_they_are_known() -> None:
    told, registry = metrics()
    readings = values.reading(dead_letters=7), values.reading(queue="other")

    told.write(record(observation=values.observation(*readings)))

    name = "autoscaler_queue_dead_letters"
    assert registry.get_sample_value(name, {"queue": "q"}) == 7
    assert registry.get_sample_value(name, {"queue": "other"}) is None


def test_a_held_tick_leaves_the_time_of_the_last_decision_unsaid() -> None:
    told, registry = metrics()

    told.write(record(end=End.HELD, decision=None, observation=None))

    name = "autoscaler_last_decision_timestamp_seconds"
    assert registry.get_sample_value(name, {"fleet": "f"}) is None


def test_a_policy_that_failed_is_named() -> None:
    told, registry = metrics()

    told.write(record())

    labels = {"queue": "q", "policy": "p"}
    assert registry.get_sample_value("autoscaler_policy_failures_total", labels) == 1


def test_dropped_ticks_are_counted() -> None:
    told, registry = metrics()

    told.missed()

    assert registry.get_sample_value("autoscaler_ticks_missed_total") == 1
