"""Every figure of a run, worked out by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from support.simulated_runs import Message, Shape, Task, run_of

from autoscaler.core.cost import Price, RegionPrices
from autoscaler.core.errors import RecordUnreadableError
from autoscaler.core.tasks import Provider
from autoscaler.simulation.knobs import Knobs, Workers
from autoscaler.simulation.run import TaskEnd
from autoscaler.simulation.scores import Elasticity, Perfect, Scores, Spread, score

KEYS = [
    "trace", "policy", "world", "seed", "messages", "unfinished", "promise_seconds",
    "promise_kept_ratio", "wait_seconds", "finish_seconds", "bill_task_seconds",
    "bill_by_provider", "cost_usd", "control_cost_usd", "work_task_seconds", "launches",
    "launch_failures", "interruptions", "duplicates", "peak_tasks", "lower_bound_task_seconds",
    "clairvoyant_task_seconds", "ratio_to_bound", "ratio_to_clairvoyant", "elasticity", "ticks",
    "api_calls",
]  # fmt: skip
TASK = Task(launched=0, pull=15, usable=35, left=135)


def finished(wait: float, arrival: float = 0.0, work: float = 10.0) -> Message:
    return Message(arrival, arrival + wait, arrival + wait + work, work)


def test_the_json_form_has_these_keys_in_this_order_and_comes_back() -> None:
    scores = score(run_of([finished(5)], [TASK]), 60.0, Perfect(80, 100), world="slow")
    form = json.loads(json.dumps(scores.to_json(), allow_nan=False))
    assert list(form) == KEYS
    assert list(form["wait_seconds"]) == ["p50", "p95", "p99", "max", "mean"]
    assert Scores.from_json(form) == scores
    assert (scores.trace, scores.policy, scores.world, scores.seed) == (
        "hand",
        "by-hand",
        "slow",
        7,
    )


@pytest.mark.parametrize("damage", [{"ticks": None}, {"more": 1}, {"wait_seconds": 3}])
def test_other_keys_and_other_kinds_are_no_scores(damage: dict[str, object]) -> None:
    form = score(run_of([finished(5)], [TASK]), 60.0).to_json() | damage
    if damage == {"ticks": None}:
        del form["ticks"]
    with pytest.raises(RecordUnreadableError, match="these are no scores"):
        Scores.from_json(form)


def test_percentiles_are_the_nearest_rank() -> None:
    """Of 1 to 200 seconds, 95 of a hundred do not exceed 190."""
    scores = score(run_of([finished(wait) for wait in range(1, 201)], [TASK]), 60.0)
    assert scores.wait_seconds == Spread(100.0, 190.0, 198.0, 200.0, 100.5)
    assert scores.finish_seconds == Spread(110.0, 200.0, 208.0, 210.0, 110.5)


def test_a_wait_of_the_promise_itself_keeps_it() -> None:
    scores = score(run_of([finished(60), finished(60.1), finished(0.1 + 0.2)], [TASK]), 60.0)
    assert scores.promise_kept_ratio == pytest.approx(2 / 3)


def test_what_was_never_finished_breaks_the_promise_and_is_told_apart() -> None:
    started_only = Message(0.0, started=1.0)
    dead = Message(0.0, started=1.0, receives=12, dead=True)
    scores = score(run_of([finished(5), finished(6), started_only, dead], [TASK]), 60.0)
    assert (scores.messages, scores.unfinished) == (4, 2)
    assert scores.promise_kept_ratio == 0.5
    assert scores.wait_seconds.max == 6.0
    assert scores.finish_seconds == Spread(16.0, None, None, None, None)


def test_what_was_never_started_is_in_no_percentile_left_out() -> None:
    """One of twenty: the 95th percentile is the longest of the others, beyond it there is none."""
    scores = score(run_of([*(finished(5) for _ in range(19)), Message(0.0)], [TASK]), 60.0)
    assert scores.wait_seconds == Spread(5.0, 5.0, None, None, None)
    assert scores.unfinished == 1


def test_of_no_messages_the_promise_is_kept_and_there_are_no_waits() -> None:
    scores = score(run_of([], []), 60.0)
    assert scores.promise_kept_ratio == 1.0
    assert scores.wait_seconds == Spread(None, None, None, None, None)
    assert (scores.bill_task_seconds, scores.bill_by_provider, scores.cost_usd) == (0, {}, 0)
    assert (scores.peak_tasks, scores.launches, scores.work_task_seconds) == (0, 0, 0)


def test_the_bill_runs_from_the_pull_in_whole_seconds_a_minute_at_least() -> None:
    tasks = [
        replace(TASK, left=135.2),  # 15 to 135.2: 121 whole seconds
        replace(TASK, left=40),  # 25 seconds: the minimum of 60
        replace(TASK, left=10, end=TaskEnd.STOPPED),  # before its pull: nothing
        replace(TASK, left=115, provider=Provider.FARGATE_SPOT),  # 100
    ]
    scores = score(run_of([finished(5)], tasks), 60.0)
    assert scores.bill_by_provider == {"FARGATE": 181.0, "FARGATE_SPOT": 100.0}
    assert scores.bill_task_seconds == 281.0


def test_the_cost_is_that_of_the_region_and_size_with_spot_at_its_share() -> None:
    """us-east-1: 0.25 * 0.04048 + 0.5 * 0.004445 = 0.0123425 dollars an hour, Spot 0.35 of it."""
    spot = replace(TASK, left=115, provider=Provider.FARGATE_SPOT)
    scores = score(run_of([finished(5)], [TASK, spot]), 60.0)
    assert scores.cost_usd == pytest.approx((120 + 0.35 * 100) * 0.0123425 / 3600)


def test_own_prices_go_before_the_tables() -> None:
    own = {"us-east-1": RegionPrices(x86_64=Price(1.0, 0.0))}
    scores = score(run_of([finished(5)], [TASK]), 60.0, prices=own)
    assert scores.cost_usd == pytest.approx(120 * 0.25 / 3600)


def test_a_provider_without_a_known_price_leaves_the_cost_unknown() -> None:
    scores = score(run_of([finished(5)], [replace(TASK, provider=Provider.EC2)]), 60.0)
    assert scores.bill_by_provider == {"EC2": 120.0}
    assert scores.cost_usd is None


def test_looking_costs_forty_cents_a_million_requests_and_a_cent_a_thousand_metrics() -> None:
    calls = {"GetQueueAttributes": 1_000_000, "GetMetricData": 1_000, "RunTask": 9, "ListTasks": 50}
    shape = Shape(api_calls=calls, empty_receives=500_000)
    scores = score(run_of([finished(5)], [TASK], shape), 60.0)
    assert scores.control_cost_usd == pytest.approx(0.60 + 0.03)
    assert scores.api_calls == 1_001_059
    assert scores.ticks == 5


def test_the_metrics_that_were_asked_for_are_billed_and_are_no_calls() -> None:
    shape = Shape(api_calls={"GetMetricData": 1_000, "metrics": 4_000})
    scores = score(run_of([finished(5)], [TASK], shape), 60.0)
    assert scores.control_cost_usd == pytest.approx(0.04)
    assert scores.api_calls == 1_000


def test_work_is_in_task_seconds_however_often_a_message_was_begun() -> None:
    shape = Shape(knobs=Knobs(workers=Workers(slots=4)))
    messages = [finished(5, work=30), replace(finished(5, work=10), receives=3)]
    scores = score(run_of(messages, [TASK], shape), 60.0)
    assert scores.work_task_seconds == 10.0
    assert scores.duplicates == 2


def test_launches_failures_and_interruptions_are_counted() -> None:
    tasks = [
        replace(TASK, end=TaskEnd.FAILED),
        replace(TASK, end=TaskEnd.INTERRUPTED),
        replace(TASK, end=TaskEnd.INTERRUPTED),
        TASK,
    ]
    scores = score(run_of([finished(5)], tasks, Shape(launch_failures=3)), 60.0)
    assert (scores.launches, scores.launch_failures, scores.interruptions) == (4, 4, 2)


def test_the_peak_is_of_tasks_alive_from_launch_to_end() -> None:
    """One that leaves as the next is launched is never beside it."""
    tasks = [replace(TASK, launched=at, left=at + 100) for at in (0, 50, 100, 150)]
    assert score(run_of([finished(5)], tasks), 60.0).peak_tasks == 2


def test_the_distance_from_perfect() -> None:
    scores = score(run_of([finished(5)], [TASK]), 60.0, Perfect(lower_bound=80, clairvoyant=100))
    assert (scores.lower_bound_task_seconds, scores.clairvoyant_task_seconds) == (80, 100)
    assert (scores.ratio_to_bound, scores.ratio_to_clairvoyant) == (1.5, 1.2)


def test_without_a_bound_there_is_no_distance() -> None:
    scores = score(run_of([finished(5)], [TASK]), 60.0)
    assert (scores.ratio_to_bound, scores.ratio_to_clairvoyant) == (None, None)
    assert (scores.lower_bound_task_seconds, scores.clairvoyant_task_seconds) == (None, None)


def test_elasticity_of_one_task_that_comes_late_and_stays_on() -> None:
    """Demand 1 from 0 to 30 and from 100 to 120; supply 1 from 35 to 135; the world: 200 s."""
    messages = [finished(35, arrival=0, work=30), finished(0, arrival=100, work=20)]
    found = score(run_of(messages, [TASK], Shape(seconds=200)), 60.0).elasticity
    assert found.theta_under == pytest.approx(30 / 50)
    assert found.theta_over == pytest.approx((65 + 15) / 50)
    assert found.tau_under == pytest.approx(30 / 200)
    assert found.tau_over == pytest.approx(80 / 200)
    assert found.jitter_per_minute == pytest.approx((2 - 4) / (200 / 60))


def test_demand_is_in_tasks_of_so_many_slots() -> None:
    """Three messages at once on two slots a task: two tasks, one of which is there."""
    shape = Shape(seconds=135, knobs=Knobs(workers=Workers(slots=2)))
    messages = [finished(0, arrival=35, work=100) for _ in range(3)]
    found = score(run_of(messages, [TASK], shape), 60.0).elasticity
    assert found.theta_under == pytest.approx(100 / 200)
    assert found.theta_over == 0.0
    assert found.tau_under == pytest.approx(100 / 135)


def test_a_worker_that_uses_one_of_four_slots_is_measured_by_all_four() -> None:
    messages = [finished(0, arrival=35, work=100) for _ in range(4)]
    scores = score(run_of(messages, [TASK], Shape(seconds=135)), 60.0, slots=4)
    assert scores.work_task_seconds == 100.0
    assert scores.elasticity.theta_under == 0.0


def test_supply_is_of_usable_tasks_within_the_world() -> None:
    """A task that was never usable is no supply, and what would last longer is cut."""
    tasks = [replace(TASK, usable=float("nan"), end=TaskEnd.FAILED), replace(TASK, usable=50)]
    messages = [finished(0, arrival=0, work=1000)]
    found = score(run_of(messages, tasks, Shape(seconds=100)), 60.0).elasticity
    assert found.theta_under == pytest.approx(0.5)
    assert found.tau_under == 0.5
    assert found.jitter_per_minute == 0.0


def test_where_nothing_is_demanded_there_is_no_share_of_demand() -> None:
    found = score(run_of([], [TASK], Shape(seconds=200)), 60.0).elasticity
    assert (found.theta_under, found.theta_over) == (None, None)
    assert (found.tau_under, found.tau_over) == (0.0, 0.5)


def test_the_oldest_age_over_time_is_nothing_while_the_queue_is_empty() -> None:
    shape = Shape(seconds=600, oldest_age=[30.0, 90.0])
    found = score(run_of([finished(5)], [TASK], shape), 60.0).elasticity
    assert isinstance(found, Elasticity)
    assert found.oldest_age_seconds == Spread(0.0, 90.0, 90.0, 90.0, 12.0)
