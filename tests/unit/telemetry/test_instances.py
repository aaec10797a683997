"""What people are told of the instances that tasks run on."""

from __future__ import annotations

from autoscaler.core.instance_groups import Move, Step, StepTaken, Tending
from autoscaler.telemetry.instances import instance_lines, instances_told

GROW = Step(Move.GROW, "5 tasks at 2 an instance need 3 instances.", desired=3)
DRAIN = Step(Move.DRAIN, "It had no task for 300 seconds.", instance="i-1")


def tending(**known):
    return Tending("workers", **{"desired": 2, "most": 10, "per_instance": 2, "needed": 3, **known})


def test_a_fleet_without_instances_of_ours_tells_none():
    assert instances_told(None) is None


def test_the_price_is_that_of_the_instances_there_are():
    told = instances_told(tending(price=0.107))
    assert told.an_hour == 0.214
    assert (
        instance_lines(told)[0] == "workers: 2 now; $0.2140 an hour for all of them, tasks or none"
    )


def test_without_a_price_it_is_unknown_and_not_zero():
    told = instances_told(tending())
    assert told.an_hour is None
    assert "what they cost is unknown" in instance_lines(told)[0]


def test_each_step_is_told_with_its_reason_and_why_it_was_not_done():
    steps = (
        StepTaken(GROW, done=True),
        StepTaken(DRAIN, done=False, said="ECS did not answer"),
    )
    assert instance_lines(instances_told(tending(steps=steps)))[1:] == [
        "grow to 3 instances: 5 tasks at 2 an instance need 3 instances.",
        "drain i-1: It had no task for 300 seconds. Not done: ECS did not answer.",
    ]
