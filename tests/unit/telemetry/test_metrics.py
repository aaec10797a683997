"""What the metrics say after a tick."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from support import values
from support.records import record

from autoscaler.core.actions import Failure, Outcome, SetDesired, Setting
from autoscaler.core.cost import Tariff, TaskSize
from autoscaler.core.instance_groups import Tending
from autoscaler.core.model import Advice, Cause, Decision, Heard, Restraint
from autoscaler.core.record import End, Record
from autoscaler.core.service import Service
from autoscaler.core.spending import Money
from autoscaler.telemetry.metrics import Metrics

SMALL = TaskSize(0.25, 0.5)


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


def test_counters_begin_at_zero_once_their_labels_are_known() -> None:
    """Prometheus sees no rise in a series whose first value is one."""
    told, registry = metrics()
    heard = (Heard("q", "p", Advice(want=4)),)

    told.write(record(decision=Decision(4, 2, (), heard), intents=(), outcomes={}))

    for name, labels in (
        ("ticks", {"fleet": "f", "outcome": "failed"}),
        ("launch_failures", {"fleet": "f", "provider": "FARGATE"}),
        ("policy_failures", {"queue": "q", "policy": "p"}),
        ("config_reloads", {"outcome": "refused"}),
    ):
        assert registry.get_sample_value(f"autoscaler_{name}_total", labels) == 0, name


def test_a_fleets_last_decision_stands_still_while_its_ticks_are_held() -> None:
    told, registry = metrics()

    told.write(record(at=121.0))
    told.write(record(at=241.0, end=End.HELD, decision=None, observation=None))

    name = "autoscaler_last_decision_timestamp_seconds"
    assert registry.get_sample_value(name, {"fleet": "f"}) == 121.0


def test_what_holds_launches_back_is_unknown_where_nothing_was_seen() -> None:
    told, registry = metrics()
    breaker = Restraint(Cause.BREAKER, "Three tasks died.")
    labels = {"fleet": "f", "reason": "breaker"}

    told.write(record(observation=values.observation(restraints=(breaker,))))
    assert registry.get_sample_value("autoscaler_restrained", labels) == 1

    told.write(record(observation=values.observation()))
    assert registry.get_sample_value("autoscaler_restrained", labels) == 0

    told.write(record(end=End.HELD, decision=None, observation=None))
    assert registry.get_sample_value("autoscaler_restrained", labels) is None


def test_what_a_policy_wanted_is_shown_and_no_opinion_is_not() -> None:
    told, registry = metrics()
    heard = Heard("q", "depth", Advice(want=4)), Heard("q", "window", Advice(at_most=2))

    told.write(record(decision=Decision(2, 2, (), heard)))

    name = "autoscaler_policy_tasks_wanted"
    assert registry.get_sample_value(name, {"queue": "q", "policy": "depth"}) == 4
    assert registry.get_sample_value(name, {"queue": "q", "policy": "window"}) is None


def test_what_the_fleet_has_cost_is_shown_where_prices_are_known() -> None:
    told, registry = metrics()
    labels = {"fleet": "f"}

    told.write(record())
    assert registry.get_sample_value("autoscaler_spent_dollars_total", labels) is None

    told.write(record(observation=values.observation(money=Money(Tariff(SMALL), 1.25))))
    assert registry.get_sample_value("autoscaler_spent_dollars_total", labels) == 1.25


def service_record(answer: Outcome | None) -> Record:
    """A service of two tasks that is to keep five, and what AWS said to that."""
    seen = values.observation(service=Service("svc", 2))
    setting = Setting(1, SetDesired(5, before=2), 1.0)
    return record(observation=seen, setting=setting, answer=answer)


@pytest.mark.parametrize(
    ("answer", "keeps", "failed"),
    [
        (None, 2, 0),
        (Outcome(), 5, 0),
        (Outcome(failures=(Failure("AccessDeniedException"),)), 2, 1),
        (Outcome(unsure="no answer"), 2, 1),
    ],
)
def test_a_service_shows_how_many_tasks_it_keeps_and_what_was_refused(
    answer: Outcome | None, keeps: int, failed: int
) -> None:
    registry = CollectorRegistry()
    Metrics(registry).write(service_record(answer))
    labels = {"fleet": "f"}
    assert registry.get_sample_value("autoscaler_service_desired_tasks", labels) == keeps
    assert registry.get_sample_value("autoscaler_setting_failures_total", labels) == failed


def test_instances_show_what_they_are_good_for_and_how_many_are_needed() -> None:
    standing = {"ready": 2, "draining": 1, "unready": 0}
    told, registry = metrics()
    told.write(record(tending=Tending("workers", needed=3, standing=standing)))
    shown = {
        state: registry.get_sample_value("autoscaler_instances", {"fleet": "f", "state": state})
        for state in standing
    }
    assert shown == standing
    assert registry.get_sample_value("autoscaler_instances_needed", {"fleet": "f"}) == 3


def test_instances_that_nobody_knows_of_have_no_series() -> None:
    told, registry = metrics()
    for tending in (None, Tending("workers")):
        told.write(record(tending=tending))
        served = generate_latest(registry).decode()
        assert "autoscaler_instances{" not in served
        assert "autoscaler_instances_needed{" not in served


def test_a_refused_configuration_shows_until_one_is_taken_over() -> None:
    told, registry = metrics()
    shown = [registry.get_sample_value("autoscaler_config_last_reload_successful")]

    for outcome in ("refused", "done"):
        told.reloaded(outcome)
        shown.append(registry.get_sample_value("autoscaler_config_last_reload_successful"))

    assert shown == [1, 0, 1]


def test_a_fleet_that_is_gone_leaves_no_series() -> None:
    told, registry = metrics()
    told.write(record())

    told.keep_only((), ())

    served = generate_latest(registry).decode()
    assert 'fleet="f"' not in served
    assert 'queue="q"' not in served
