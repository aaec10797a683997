"""Values: what is unknown is None, and what is live is capacity now or soon."""

from __future__ import annotations

from dataclasses import fields

import pytest
from support.values import NOW, decision, fleet, intent, observation, queue, reading, rules, task

from autoscaler.core.model import Decision, Minute, Observation
from autoscaler.core.tasks import Fleet, TaskState


@pytest.mark.trap("T18")
def test_starting_and_running_tasks_are_live_and_others_are_not():
    live = {state for state in TaskState if task(state=state).live}
    assert live == {TaskState.STARTING, TaskState.RUNNING}


def test_a_queue_is_idle_only_when_all_counts_are_known_to_be_zero():
    assert reading().idle
    for unknown in ("visible", "in_flight", "delayed"):
        assert not reading(**{unknown: None}).idle
        assert not reading(**{unknown: 1}).idle


def test_the_age_is_that_of_the_newest_minute():
    minutes = (Minute(NOW - 60, oldest_age=1.0), Minute(NOW, oldest_age=2.0))
    assert reading(minutes=minutes).oldest_age == 2.0
    assert reading().oldest_age is None


def test_an_observation_is_shown_to_a_policy_as_its_own_queues():
    seen = observation(reading(queue="a"), reading(7, queue="b"), live=2)
    shown = seen.of("b", {"n": 1})
    assert (shown.reading.visible, shown.notes, shown.live) == (7, {"n": 1}, 2)


def test_what_a_policy_is_shown_lacks_nothing_of_the_observation():
    told = {each.name: f"its {each.name}" for each in fields(Observation)}
    seen = Observation(**told)
    assert seen.of("b", None) == Observation(**{**told, "queue": "b", "notes": None})


def test_live_tasks_include_launches_in_doubt():
    assert fleet(2, unseen=3).live == 5
    assert Fleet().live == 0


@pytest.mark.parametrize(
    ("target", "live", "missing"), [(5, 2, 3), (2, 5, 0), (None, 2, 0), (5, None, 0)]
)
def test_what_is_missing_is_never_negative_and_nothing_while_holding(target, live, missing):
    assert Decision(target, live, ()).missing == missing


def test_an_intent_has_no_fewer_than_no_unseen_tasks():
    assert intent(count=1, seen=("a", "b")).unseen == 0


def test_builders_build_what_they_say():
    assert decision(missing=2, live=1).target == 3
    assert rules(queue(), max_tasks=4).limits.max_tasks == 4
