"""What so many tasks need of a group of instances, step by step."""

from __future__ import annotations

import pytest
from support.instance_world import NOTHING, TWO_A_PIECE, group, instance
from support.values import NOW

from autoscaler.core.instance_groups import Move, Retiring
from autoscaler.core.instance_scaling import SETTLES_WITHIN, plan_for
from autoscaler.core.instances import Bound, Instances, InstanceType, TaskNeed

LONG_AGO = NOW - 3600.0
LARGE = InstanceType("c6i.large", 2, 4096, 3, 10)


def planned(seen, tasks, memory=NOTHING, refused=0):
    return plan_for(seen, tasks, refused, memory, NOW)


def moves(plan):
    return [(step.move, step.instance or step.desired) for step in plan.steps]


def idle(*names, since=LONG_AGO):
    return Retiring(idle_since=dict.fromkeys(names, since))


def leaving(name, since=LONG_AGO):
    return Retiring(idle_since={name: LONG_AGO}, leaving={name: since})


# --------------------------------------------------------------------------------- growing


def test_a_group_grows_to_what_the_tasks_need():
    plan = planned(group(), tasks=5)
    assert moves(plan) == [(Move.GROW, 3)]
    assert plan.needed == 3
    assert "5 tasks at 2 an instance need 3 instances." in plan.reasons


def test_it_never_grows_beyond_its_own_maximum():
    plan = planned(group(most=2), tasks=50)
    assert moves(plan) == [(Move.GROW, 2)]
    assert plan.reasons[-1] == "The group workers has 2 at most."


def test_it_keeps_its_own_minimum():
    assert moves(planned(group(least=2), tasks=0)) == [(Move.GROW, 2)]


def test_instances_that_are_on_their_way_count():
    assert moves(planned(group(desired=3), tasks=6)) == []


def test_instances_that_somebody_drains_do_not_count():
    seen = group(instance("i-1", tasks=2, status="DRAINING"))
    assert moves(planned(seen, tasks=2)) == [(Move.GROW, 2)]


def test_at_its_maximum_it_waits_for_those_that_somebody_drains():
    seen = group(instance("i-1", tasks=2, status="DRAINING"), most=1)
    assert moves(planned(seen, tasks=2)) == []


def test_one_that_was_to_go_is_kept_before_a_new_one_is_started():
    seen = group(instance("i-1", status="DRAINING"), instance("i-2", tasks=2))
    plan = planned(seen, tasks=6, memory=leaving("i-1"))
    assert moves(plan) == [(Move.KEEP, "i-1"), (Move.GROW, 3)]


def test_a_kept_one_is_remembered_until_ecs_shows_it_active():
    seen = group(instance("i-1", status="DRAINING"))
    kept = planned(seen, tasks=2, memory=leaving("i-1")).memory
    assert "i-1" in kept.leaving
    shown = planned(group(instance("i-1")), tasks=2, memory=kept).memory
    assert "i-1" not in shown.leaving


# --------------------------------------------------------------------- tasks without room


def test_tasks_without_room_wait_for_instances_on_their_way():
    seen = group(instance("i-1", tasks=2), desired=2)
    plan = planned(seen, tasks=4, refused=2)
    assert moves(plan) == []
    assert "on their way" in plan.reasons[-1]


def test_where_others_fill_the_instances_more_are_started():
    seen = group(instance("i-1", tasks=2), instance("i-2", tasks=2))
    plan = planned(seen, tasks=3, refused=3)
    assert moves(plan) == [(Move.GROW, 4)]
    assert "which others fill" in plan.reasons[-1]


def test_none_is_started_for_tasks_that_an_empty_instance_did_not_take():
    seen = group(instance("i-1", tasks=2), instance("i-2", tasks=0))
    plan = planned(seen, tasks=4, refused=2)
    assert moves(plan) == []
    assert "another instance would not help" in plan.reasons[-1]


# ------------------------------------------------------------------------------- shrinking


def test_an_instance_is_drained_when_it_had_no_task_for_long_enough():
    seen = group(instance("i-1", tasks=1), instance("i-2"))
    plan = planned(seen, tasks=1, memory=idle("i-2"))
    assert moves(plan) == [(Move.DRAIN, "i-2")]
    assert plan.memory.leaving == {"i-2": NOW}


@pytest.mark.parametrize(
    ("seen", "memory"),
    [
        (instance("i-2"), NOTHING),  # first seen without a task just now
        (instance("i-2"), idle("i-2", since=NOW - TWO_A_PIECE.idle + 1)),
        (instance("i-2", tasks=1), idle("i-2")),
        (instance("i-2", tasks=None), idle("i-2")),
        (instance("i-2", connected=False), idle("i-2")),
        (instance("i-2", in_service=False), idle("i-2")),
        (instance("i-2", status="DRAINING"), idle("i-2")),  # by somebody else
        (instance("i-2", protected=True), idle("i-2")),
        (instance("i-2", going=True), idle("i-2")),
    ],
    ids=["new", "soon", "busy", "unknown", "lost", "coming", "theirs", "protected", "going"],
)
def test_an_instance_stays_while_there_is_any_doubt_about_it(seen, memory):
    assert moves(planned(group(instance("i-1", tasks=1), seen), 1, memory)) == []


def test_a_look_that_shows_a_task_starts_the_time_without_one_anew():
    busy = planned(group(instance("i-1", tasks=1)), tasks=0, memory=idle("i-1")).memory
    again = planned(group(instance("i-1")), tasks=0, memory=busy).memory
    assert again.idle_since == {"i-1": NOW}


def test_only_what_is_too_much_goes_the_longest_idle_first():
    seen = group(instance("i-1"), instance("i-2"), instance("i-3"))
    since = {"i-1": LONG_AGO + 2, "i-2": LONG_AGO, "i-3": LONG_AGO + 1}
    plan = planned(seen, tasks=1, memory=Retiring(idle_since=since))
    assert moves(plan) == [(Move.DRAIN, "i-2"), (Move.DRAIN, "i-3")]


def test_a_drained_one_without_a_task_is_terminated_once_that_is_sure():
    seen = group(instance("i-1", tasks=2), instance("i-2", status="DRAINING"))
    early = leaving("i-2", since=NOW - SETTLES_WITHIN + 1)
    assert moves(planned(seen, 2, early)) == []
    assert moves(planned(seen, 2, leaving("i-2"))) == [(Move.TERMINATE, "i-2")]


@pytest.mark.parametrize("tasks", [1, None])
def test_a_drained_one_with_a_task_or_nobody_knows_stays(tasks):
    seen = group(instance("i-1", tasks=2), instance("i-2", tasks, status="DRAINING"))
    plan = planned(seen, 2, leaving("i-2"))
    assert moves(plan) == []
    assert "stays" in plan.reasons[-1]


def test_one_that_was_chosen_and_not_drained_is_looked_at_afresh():
    """The program ended between saving the choice and asking ECS."""
    chosen = leaving("i-2")
    free = group(instance("i-1", tasks=2), instance("i-2"))
    taken = group(instance("i-1", tasks=2), instance("i-2", tasks=1))
    assert moves(planned(free, 2, chosen)) == [(Move.DRAIN, "i-2")]
    assert moves(planned(taken, 2, chosen)) == []
    assert planned(taken, 2, chosen).memory.leaving == {}


def test_one_that_is_gone_is_forgotten():
    assert planned(group(), 0, leaving("i-1")).memory == NOTHING


# ------------------------------------------------------------------------- not ours to say


def test_managed_scaling_leaves_the_group_alone_and_says_so():
    plan = planned(group(instance("i-1"), managed_by="cp"), 50, idle("i-1"))
    assert plan.steps == ()
    assert plan.memory == NOTHING
    assert "Managed scaling of the capacity provider cp" in plan.reasons[0]
    assert "only tasks are scaled" in plan.reasons[0]


def test_nothing_is_done_where_tasks_an_instance_are_unknown():
    seen = group(chosen=Instances(group="workers"), kinds=(LARGE,))
    plan = planned(seen, 5)
    assert plan.steps == ()
    assert plan.reasons == ("What a task needs is unknown. The group workers is left as it is.",)
    odd = group(chosen=Instances(group="workers"), unknown=("There is no type x9.",))
    assert planned(odd, 5).reasons[0].startswith("There is no type x9.")


def test_nothing_is_done_for_a_task_that_fits_nowhere():
    too_large = TaskNeed(256, 8192)
    seen = group(chosen=Instances(group="workers"), kinds=(LARGE,), need=too_large)
    assert seen.fit.bound is Bound.MEMORY
    assert "for want of memory" in planned(seen, 5).reasons[0]


def test_tasks_an_instance_are_worked_out_from_its_type():
    seen = group(chosen=Instances(group="workers"), kinds=(LARGE,), need=TaskNeed(256, 512))
    assert seen.per_instance == 2  # interfaces: three, the instance's own among them
    assert moves(planned(seen, 5)) == [(Move.GROW, 3)]
