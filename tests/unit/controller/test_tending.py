"""Seeing to instances after a fleet's tasks: saved first, and left alone in any doubt."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from support.fakeworld import FakeWorld
from support.faults import Crash, Faults
from support.instance_world import GroupWorld, group, instance
from support.replay import text_replays
from support.values import NOW, PERIOD, queue, rules

from autoscaler.controller import tick
from autoscaler.core.actions import Failure, FailureKind, Outcome
from autoscaler.core.instance_groups import Move
from autoscaler.core.rules import Rulebook
from autoscaler.core.tasks import Provider
from autoscaler.runtime.planning import plan
from policies.depth import Depth

BOOK = Rulebook("house", PERIOD, (replace(rules(queue(Depth())), on_demand=Provider.EC2),))


def run(fake, groups, deadline=float("inf")):
    world = replace(fake.world(), groups=groups)
    (record,) = tick(world, BOOK, int(fake.time), deadline)
    fake.time += PERIOD
    return record


def crash():
    raise Crash


def moves(record):
    return [taken.step.move for taken in record.tending.steps if taken.done]


def empty():
    """A queue with nothing in it, and a group whose one instance has nothing to do."""
    return FakeWorld(visible={"q": 0}), GroupWorld(group(instance("i-1")))


def test_the_group_grows_in_the_tick_that_wants_the_tasks():
    groups = GroupWorld(group())
    record = run(FakeWorld(visible={"q": 30}), groups)
    assert moves(record) == [Move.GROW]
    assert (groups.now.desired, record.tending.needed, record.tending.per_instance) == (2, 2, 2)


def test_what_the_instances_are_good_for_is_recorded():
    groups = GroupWorld(
        group(
            instance("i-1", tasks=2),
            instance("i-2", tasks=1, status="DRAINING"),
            instance("i-3", connected=False),
            instance("i-4", in_service=False),
        )
    )
    record = run(FakeWorld(visible={"q": 0}), groups)
    assert record.tending.standing == {"ready": 1, "draining": 1, "unready": 2}
    assert text_replays(record, BOOK.fleets[0])


def test_of_a_group_that_managed_scaling_has_nobody_looks_at_the_instances():
    record = run(FakeWorld(), GroupWorld(group(managed_by="mine")))
    assert record.tending.standing is None


def test_an_idle_instance_goes_after_a_while_step_by_step():
    fake, groups = empty()
    done = [run(fake, groups) for _ in range(5)]
    assert [moves(one) for one in done] == [[], [], [], [Move.DRAIN], [Move.TERMINATE]]
    assert (groups.now.desired, groups.lost) == (0, 0)


def test_a_program_that_ends_after_any_save_or_step_is_followed_by_one_that_finishes():
    """At each of the world's steps, and before and after each of the group's own."""
    for ends_at in range(60):
        fake, groups = empty()

        fake.meanwhile[ends_at] = crash
        for _ in range(8):
            with suppress(Crash):
                run(fake, groups)
        assert (groups.now.desired, groups.lost) == (0, 0), f"ended at step {ends_at}"


@pytest.mark.parametrize("move", [Move.DRAIN, Move.TERMINATE])
def test_a_program_that_ends_just_before_a_step_is_followed_by_one_that_takes_it(move):
    fake, groups = empty()
    ended = []

    def end(step):
        if step.move is move and not ended:
            ended.append(step)
            raise Crash

    groups.before = end
    for _ in range(8):
        with suppress(Crash):
            run(fake, groups)
    assert ended
    assert (groups.now.desired, groups.lost) == (0, 0)


def test_where_the_memory_cannot_be_saved_nothing_is_done_about_instances():
    fake, groups = empty()
    for _ in range(3):
        run(fake, groups)
    fake.faults = Faults(save_fails=True)
    record = run(fake, groups)
    assert groups.steps == []
    assert "left as they are" in record.tending.reasons[-1]


def test_a_group_that_cannot_be_seen_is_left_alone_and_told():
    fake, groups = empty()
    groups.trouble = "the group workers does not exist"
    record = run(fake, groups)
    assert record.tending is None
    assert "the group workers does not exist" in record.troubles


def test_a_tick_that_holds_leaves_instances_as_they_are():
    fake, groups = empty()
    fake.faults = Faults(queues_unknown=True)
    assert run(fake, groups).tending is None
    assert groups.looks == 0


def test_a_tick_out_of_time_leaves_instances_as_they_are():
    fake, groups = empty()
    assert run(fake, groups, deadline=NOW).tending is None


def test_a_tick_that_is_repeated_does_nothing_more():
    fake, groups = FakeWorld(visible={"q": 30}), GroupWorld(group())
    run(fake, groups)
    fake.time -= PERIOD
    assert run(fake, groups).tending is None
    assert len(groups.steps) == 1


def test_tasks_without_room_are_no_broken_fleet_and_wait_for_instances():
    """The breaker counts deaths, and these never lived."""
    fake, groups = FakeWorld(visible={"q": 30}), GroupWorld(group(instance("i-1", tasks=2)))
    full = Failure("RESOURCE:MEMORY", kind=FailureKind.CAPACITY)
    fake._run = lambda fleet, intent: Outcome(failures=(full,))
    for _ in range(6):
        record = run(fake, groups)
    assert not fake.memory().breaker.open
    assert record.launched == 0
    assert fake.called("launch") >= 6  # it asks again at every tick
    assert groups.now.desired > 1


def test_an_error_that_a_step_ends_with_is_told_and_the_next_tick_goes_on():
    fake, groups = empty()

    def broken(step):
        groups.before = lambda step: None
        raise RuntimeError("no such instance")

    groups.before = broken
    told = [run(fake, groups) for _ in range(6)]
    (failed,) = [taken for one in told for taken in one.tending.steps if not taken.done]
    assert failed.said == "RuntimeError: no such instance"
    assert groups.now.desired == 0


def test_a_plan_says_what_would_be_done_and_does_none_of_it():
    fake, groups = FakeWorld(visible={"q": 30}), GroupWorld(group())
    (record,) = plan(replace(fake.world(), groups=groups), BOOK)
    assert [taken.step.move for taken in record.tending.steps] == [Move.GROW]
    assert groups.steps == []
