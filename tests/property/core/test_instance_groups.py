"""A group through many ticks: whatever comes, no task is on an instance that is terminated."""

from __future__ import annotations

from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st
from support.instance_world import NOTHING, GroupWorld, group
from support.values import NOW

from autoscaler.core.instance_groups import Move
from autoscaler.core.instance_scaling import plan_for

PERIOD = 120.0
ticks = st.lists(
    st.tuples(st.integers(0, 12), st.booleans(), st.randoms(use_true_random=False)),
    min_size=1,
    max_size=40,
)


def room(world):
    return [one for one in world.now.instances if one.ready and (one.tasks or 0) < 2]


def place(world, wanted, chance):
    """Start what is wanted and fits; tasks leave by themselves, wherever they are."""
    running = sum(one.tasks or 0 for one in world.now.instances)
    for one in world.now.instances:
        if one.tasks and chance.random() < 0.5:
            world.change(one.id, tasks=one.tasks - 1)
    while running < wanted and (free := room(world)):
        one = chance.choice(free)
        world.change(one.id, tasks=(one.tasks or 0) + 1)
        running += 1
    return max(0, wanted - running)


def land(world, step):
    """A task that is placed just before an instance is drained."""
    if step.move is Move.DRAIN:
        world.change(step.instance, tasks=1)


@settings(max_examples=60)
@given(ticks)
def test_no_task_is_ever_lost_whatever_is_wanted_and_whenever_the_program_ends(history):
    """A task may also land on an instance between the look at it and its draining."""
    world, memory, now = GroupWorld(group()), NOTHING, NOW
    for wanted, killed, chance in history:
        world.before = partial(land, world) if chance.random() < 0.5 else lambda _: None
        refused = place(world, wanted, chance)
        running = sum(one.tasks or 0 for one in world.now.instances)
        plan = plan_for(world.now, max(wanted, running), refused, memory, now)
        memory = plan.memory  # saved first
        for step in plan.steps[: 1 if killed else None]:
            world.take("f", world.now, step)
        now += PERIOD
    assert world.lost == 0


@settings(max_examples=60)
@given(ticks)
def test_the_group_stays_within_its_bounds_and_grows_only_upwards(history):
    world, memory, now = GroupWorld(group(most=5)), NOTHING, NOW
    for wanted, _, chance in history:
        place(world, wanted, chance)
        plan = plan_for(world.now, wanted, 0, memory, now)
        memory = plan.memory
        for step in plan.steps:
            if step.move is Move.GROW:
                assert world.now.desired < step.desired <= 5
            world.take("f", world.now, step)
        assert 0 <= world.now.desired <= 5
        now += PERIOD


def test_an_idle_group_ends_at_its_minimum():
    world, memory, now = GroupWorld(group(least=1)), NOTHING, NOW
    world.grow(4)
    for _ in range(12):
        plan = plan_for(world.now, 0, 0, memory, now)
        memory = plan.memory
        for step in plan.steps:
            world.take("f", world.now, step)
        now += PERIOD
    assert world.now.desired == 1
