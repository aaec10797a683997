"""target_tracking: a number kept at its target, out at once and in slowly."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from support.values import NOW, PERIOD, fleet, observation, queue, reading, rules, task

from autoscaler.core.decide import decide
from autoscaler.core.flaws import MOST, flaw_in
from autoscaler.core.model import Advice, Cause, Observation
from autoscaler.core.signals import CloudWatchExpression, CloudWatchMetric, HttpNumber
from autoscaler.core.tasks import Fleet, TaskState
from policies.target_tracking import TargetTracking

CPU = CloudWatchMetric("AWS/ECS", "CPUUtilization", {"ClusterName": "c", "ServiceName": "s"})
WAITING = HttpNumber("http://jobs.internal/stats", "$.waiting")


def cpu(target: float = 60, **options: Any) -> TargetTracking:
    return TargetTracking(target, metric=CPU, **options)


def shared_out(target: float = 100, **options: Any) -> TargetTracking:
    return TargetTracking(target, http=WAITING, value="total", **options)


def seen(value: float | None, live: int = 0, **rest: Any) -> Observation:
    """Both signals at this value."""
    return observation(live=live, signals={CPU.key: value, WAITING.key: value}, **rest)


def starting(count: int, running: int = 0) -> Fleet:
    states = [TaskState.STARTING] * count + [TaskState.RUNNING] * running
    return Fleet(tuple(task(f"t{n}", state) for n, state in enumerate(states)))


@pytest.mark.parametrize(
    ("value", "live", "want"),
    [
        (90, 4, 6),  # 4 * 90 / 60
        (60, 4, 4),
        (100, 3, 5),
        (120, 1, 2),
        (67, 10, 12),  # 11.2 tasks would be right
        (61, 100, 100),  # near enough
    ],
)
def test_mean_cpu_is_kept_at_sixty_percent(value, live, want):
    assert cpu().advise(seen(value, live)).want == want


@pytest.mark.parametrize(
    ("value", "want"), [(0, 0), (1, 1), (100, 1), (101, 2), (500, 5), (550, 6)]
)
def test_a_total_is_shared_out_and_rounded_up_from_zero_too(value, want):
    assert shared_out(100).advise(seen(value)).want == want


def test_aws_own_example_of_a_backlog_per_task():
    """10 tasks with 150 messages each, where 100 are right: 5 more [EC2 Auto Scaling, SQS]."""
    assert cpu(target=100).advise(seen(150, live=10)).want == 15
    assert shared_out(100).advise(seen(1500, live=10)).want == 15


@pytest.mark.parametrize(("value", "moves"), [(66, False), (66.7, True), (54, False), (53, True)])
def test_within_ten_percent_of_the_target_nothing_changes(value, moves):
    advice = cpu(scale_in_after=0).advise(seen(value, live=10))
    assert (advice.want != 10) is moves


def test_the_tolerance_is_an_option():
    assert cpu(tolerance=0.0).advise(seen(61, live=10)).want == 11
    assert cpu(tolerance=0.5).advise(seen(90, live=10)).want == 10


def test_starting_tasks_bear_no_load_yet_and_are_not_asked_for_again():
    """5 run at 90 %, 5 start: the load of 7.5 tasks; 10 * 90 / 60 would be 15."""
    full = seen(90, tasks=starting(5, running=5))
    assert cpu(scale_in_after=0, scale_in_step=1).advise(full).want == 8


@pytest.mark.parametrize("value", [None, 0.0, 90.0])
@pytest.mark.parametrize("live", [0, 3])
def test_with_no_task_running_what_lives_stays_whatever_the_number(value, live):
    """It is an old one, or none: there is nothing that could be measured."""
    found = decide(seen(value, tasks=starting(live)), rules(queue(cpu())), {})
    assert found.target == live


def test_the_first_task_comes_from_the_message_that_waits():
    waiting = observation(reading(visible=3), signals={CPU.key: None})
    assert decide(waiting, rules(queue(cpu())), {}).target == 1


@pytest.mark.parametrize("policy", [cpu(), shared_out()])
def test_missing_data_never_scale_in(policy):
    found = decide(seen(None, live=4), rules(queue(policy)), {})
    assert found.reasons[0].cause is Cause.ABSTAINED
    assert found.target is None


# ------------------------------------------------------------------------------------------ in


def ticks(policy: TargetTracking, values: list[float | None], live: int = 10) -> list[int]:
    """What is wanted at tick after tick, its notes kept in between."""
    wants, notes = [], None
    for n, value in enumerate(values):
        now = NOW + n * PERIOD
        shown = seen(value, live, now=now, notes=notes)
        if not policy.needs[0].known(shown):
            continue
        advice = policy.advise(shown)
        notes = notes if advice.notes is None else advice.notes
        wants.append(advice.want)
    return wants


def test_it_goes_in_by_one_step_after_five_minutes_of_less_and_again_after_five_more():
    assert ticks(cpu(), [30] * 7) == [10, 10, 10, 8, 10, 10, 8]


def test_out_is_at_once_even_amid_a_step_in():
    assert ticks(cpu(), [30, 30, 30, 90]) == [10, 10, 10, 15]


def test_a_number_near_its_target_begins_the_wait_anew():
    assert ticks(cpu(), [30, 30, 60, 30, 30, 30]) == [10] * 6


def test_missing_data_begin_the_wait_anew_after_two_ticks():
    assert ticks(cpu(), [30, None, None, 30, 30]) == [10, 10, 10]
    assert ticks(cpu(), [30, None, 30, 30]) == [10, 10, 8]


def test_a_step_is_a_task_at_least_and_never_beyond_what_is_right():
    at_once = cpu(scale_in_after=0)
    assert at_once.advise(seen(10, live=3)).want == 2
    assert cpu(scale_in_after=0, scale_in_step=1).advise(seen(30, live=10)).want == 5
    assert cpu(scale_in_after=0, scale_in_step=0.5).advise(seen(0, live=1)).want == 0


@pytest.mark.parametrize(
    "notes",
    [
        {"low_since": "yesterday", "low_at": NOW},
        {"low_since": NOW - 900, "low_at": None},
        {"low_since": NOW - 900},
        {"low_since": NOW - 900, "low_at": NOW + 60},
        {"low_since": NOW, "low_at": NOW - 60},
        {"low_since": float("nan"), "low_at": NOW},
        {"something": "else"},
    ],
)
def test_notes_that_make_no_sense_begin_the_wait_anew(notes):
    advice = cpu().advise(seen(30, live=10, notes=notes))
    assert advice.want == 10
    assert advice.notes == {"low_since": NOW, "low_at": NOW}


def test_in_a_steady_state_there_is_nothing_to_keep_and_nothing_to_save():
    assert cpu().advise(seen(60, live=4)).notes is None
    low = cpu().advise(seen(30, live=4)).notes
    assert cpu().advise(seen(60, live=4, notes=low)).notes == {}


# ------------------------------------------------------------------------------------- options


@pytest.mark.parametrize("value", [-1e308, -5.0, 1e308])
@pytest.mark.parametrize("policy", [cpu(), shared_out(1e-9)])
def test_any_number_gives_a_count(policy, value):
    advice = replace(policy, scale_in_after=0).advise(seen(value, live=3))
    assert flaw_in(advice) is None
    assert advice.want <= MOST


@pytest.mark.parametrize("target", [0, -1, float("nan")])
def test_a_target_must_be_more_than_nothing(target):
    with pytest.raises(ValueError, match=r"^target must be more than 0$"):
        cpu(target)


@pytest.mark.parametrize(
    "sources", [{}, {"metric": CPU, "http": WAITING}, {"metric": CPU, "expression": 1, "http": 1}]
)
def test_it_takes_one_source_and_no_more(sources):
    with pytest.raises(ValueError, match=r"^target_tracking takes one of metric, expression and"):
        TargetTracking(60, **sources)


@pytest.mark.parametrize(
    ("option", "source"),
    [("metric", CPU), ("expression", CloudWatchExpression("1")), ("http", WAITING)],
)
def test_it_needs_the_signal_of_its_source(option, source):
    (need,) = TargetTracking(60, **{option: source}).needs
    assert need.signal is source


@pytest.mark.parametrize(
    ("policy", "shown", "why"),
    [
        (
            cpu(),
            seen(90, live=4),
            "90 for each of 4 running, where 60 is right: 6 wanted.",
        ),
        (
            cpu(),
            seen(60, live=4),
            "60 for each of 4 running, where 60 is right: about right; 4 live stay.",
        ),
        (
            cpu(),
            seen(30, live=4),
            "30 for each of 4 running, where 60 is right: 2 would do, for 0 s now; 4 live stay.",
        ),
        (
            cpu(scale_in_after=0),
            seen(30, live=4),
            "30 for each of 4 running, where 60 is right: 2 would do; a step in, 3 wanted.",
        ),
        (shared_out(), seen(250), "250 to share out, 100 a task: 3 wanted."),
        (
            cpu(),
            seen(None, tasks=fleet(unseen=2)),
            "No task is running, so there is nothing to measure; 2 live stay.",
        ),
    ],
)
def test_its_reason_can_be_checked_by_hand(policy, shown, why):
    assert policy.advise(shown).why == why


def test_the_same_observation_gives_the_same_advice():
    shown = seen(30, live=10, notes={"low_since": NOW - 300, "low_at": NOW - 120})
    first: Advice = cpu().advise(shown)
    assert cpu().advise(shown) == first
