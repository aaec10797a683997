"""depth: a task for every so many messages."""

from __future__ import annotations

import math

import pytest
from support.values import blind, observation, queue, reading, rules

from autoscaler.core.decide import decide
from autoscaler.core.model import Cause
from policies.depth import Depth


@pytest.mark.parametrize(
    ("visible", "in_flight", "want"),
    [(0, 0, 0), (1, 0, 1), (10, 0, 1), (11, 0, 2), (5, 5, 1), (5, 6, 2), (0, 25, 3)],
)
@pytest.mark.trap("T7")
def test_messages_waiting_and_in_hand_are_shared_out_and_rounded_up(visible, in_flight, want):
    assert Depth().advise(observation(reading(visible, in_flight))).want == want


def test_messages_per_task_is_an_option():
    assert Depth(messages_per_task=1).advise(observation(reading(7))).want == 7
    assert Depth(messages_per_task=100).advise(observation(reading(7))).want == 1


@pytest.mark.parametrize(
    ("count", "want"), [(("visible",), 1), (("delayed",), 3), (("visible", "delayed"), 4)]
)
def test_which_messages_count_is_an_option(count, want):
    seen = observation(reading(10, 50, 30))
    assert Depth(count=count).advise(seen).want == want


def test_the_want_is_a_total_whatever_lives():
    assert Depth().advise(observation(reading(30), live=2)).want == 3


def test_it_abstains_while_the_counts_are_unknown():
    found = decide(observation(blind()), rules(queue(Depth())), {})
    assert found.reasons[0].cause is Cause.ABSTAINED


def test_its_reason_can_be_checked_by_hand():
    assert Depth().advise(observation(reading(12, 3))).why == (
        "15 messages (visible + in flight), 10 a task: 2 wanted."
    )
    assert Depth(add_to_running=True).advise(observation(reading(12, 3), live=4)).why == (
        "12 messages (visible), 10 a task: 2 more than the 4 live, 6 wanted."
    )


def blueprint(visible: int, running: int, max_tasks: int) -> int:
    """How many tasks the blueprint's Lambda launches, written out from its description."""
    if visible == 0:
        return 0
    return max(0, min(math.ceil(visible / 10), max_tasks - running, 100, max_tasks))


@pytest.mark.parametrize("visible", [0, 1, 9, 10, 11, 55, 99, 100, 101, 1000, 25_000])
@pytest.mark.parametrize("live", [0, 1, 5, 9, 10, 11, 40])
@pytest.mark.parametrize("max_tasks", [0, 1, 10, 25])
def test_added_to_running_it_launches_exactly_what_the_blueprint_does(visible, live, max_tasks):
    adding = rules(queue(Depth(add_to_running=True)), max_tasks=max_tasks)
    seen = observation(reading(visible, in_flight=live * 10), live=live)
    assert decide(seen, adding, {}).missing == blueprint(visible, live, max_tasks)
