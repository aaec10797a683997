"""What every implementation of the ports Tasks and Actions must keep."""

from __future__ import annotations

import uuid

import pytest
from support.aws_settings import intent
from support.port_worlds import PortWorld

from autoscaler.core.actions import Intent, Outcome
from autoscaler.core.model import Unknown
from autoscaler.core.tasks import Provider, Task, TaskState


def an_intent(count: int = 2, provider: Provider = Provider.FARGATE) -> Intent:
    return intent(count, provider, token=uuid.uuid4().hex)


def launch(world: PortWorld, chosen: Intent, fleet: str = "alpha") -> Outcome:
    return world.actions.launch(fleet, chosen)


def listed(world: PortWorld, fleet: str = "alpha") -> frozenset[str]:
    ids = world.tasks.listed([fleet])[fleet]
    assert isinstance(ids, frozenset)
    return ids


def described(world: PortWorld, *ids: str, fleet: str = "alpha") -> dict[str, Task]:
    found = world.tasks.described({fleet: frozenset(ids)})[fleet]
    assert not isinstance(found, Unknown)
    return dict(found)


# ------------------------------------------------------------------------------------- Actions


def test_a_launch_starts_as_many_tasks_as_intended(world: PortWorld) -> None:
    outcome = launch(world, an_intent(count=3))
    assert len(set(outcome.tasks)) == 3
    assert (outcome.failures, outcome.unsure) == ((), None)


def test_repeating_an_intent_starts_nothing_more_and_names_the_same_tasks(
    world: PortWorld,
) -> None:
    once = an_intent()
    first, again = launch(world, once), launch(world, once)
    assert set(again.tasks) == set(first.tasks)
    world.until(lambda: len(listed(world)) == 2)


@pytest.mark.trap("T11")
def test_an_intents_token_with_another_size_starts_nothing_more(world: PortWorld) -> None:
    once = an_intent(count=1)
    first = launch(world, once)
    more = intent(count=4, token=once.token)
    assert set(launch(world, more).tasks) == set(first.tasks)
    world.until(lambda: len(listed(world)) == 1)


def test_two_intents_are_two_launches(world: PortWorld) -> None:
    tasks = {*launch(world, an_intent()).tasks, *launch(world, an_intent()).tasks}
    assert len(tasks) == 4


def test_a_shortage_starts_what_fits_and_names_the_rest_as_failures(world: PortWorld) -> None:
    world.limit({Provider.FARGATE_SPOT: 1})
    outcome = launch(world, an_intent(3, Provider.FARGATE_SPOT))
    assert len(outcome.tasks) == 1
    assert outcome.failures
    assert outcome.unsure is None


@pytest.mark.trap("T10")
def test_a_refused_intent_stays_refused_when_repeated(world: PortWorld) -> None:
    """So a new attempt needs a new token."""
    world.limit({Provider.FARGATE_SPOT: 0})
    once = an_intent(1, Provider.FARGATE_SPOT)
    refused = launch(world, once)
    world.limit({Provider.FARGATE_SPOT: None})
    assert refused.tasks == ()
    assert launch(world, once) == refused


def test_a_launch_where_no_cluster_is_was_refused_for_certain(world: PortWorld) -> None:
    outcome = launch(world, an_intent(), fleet="lost")
    assert (outcome.tasks, outcome.unsure) == ((), None)
    assert outcome.failures


# --------------------------------------------------------------------------------------- Tasks


def test_a_launched_task_is_listed(world: PortWorld) -> None:
    tasks = frozenset(launch(world, an_intent()).tasks)
    world.until(lambda: listed(world) == tasks)


def test_a_launched_task_is_described_with_fleet_token_and_provider(world: PortWorld) -> None:
    once = an_intent(1, Provider.FARGATE_SPOT)
    [task_id] = launch(world, once).tasks
    world.until(lambda: task_id in described(world, task_id))
    task = described(world, task_id)[task_id]
    assert (task.id, task.fleet, task.token) == (task_id, "alpha", once.token)
    assert task.provider is Provider.FARGATE_SPOT


def test_a_task_starts_then_runs_and_its_times_tell(world: PortWorld) -> None:
    [task_id] = launch(world, an_intent(1)).tasks
    assert described(world, task_id)[task_id].state is TaskState.STARTING
    world.until(lambda: described(world, task_id)[task_id].state is TaskState.RUNNING)
    task = described(world, task_id)[task_id]
    assert task.created_at is not None
    assert task.started_at is not None
    assert task.created_at <= task.started_at <= world.now()
    assert (task.stopped_at, task.exit_code) == (None, None)


def test_a_task_that_ended_is_no_longer_listed_and_says_how_it_ended(world: PortWorld) -> None:
    [task_id] = launch(world, an_intent(1)).tasks
    world.until(lambda: described(world, task_id)[task_id].state is TaskState.RUNNING)
    world.stop(task_id)
    world.until(lambda: described(world, task_id)[task_id].state is TaskState.STOPPED)
    task = described(world, task_id)[task_id]
    assert task_id not in listed(world)
    assert task.stopped_at is not None
    assert task.stop_code
    assert task.stopped_reason
    assert task.exit_code is not None


def test_fleets_of_one_cluster_see_each_others_tasks_and_tell_them_apart(
    world: PortWorld,
) -> None:
    [ours] = launch(world, an_intent(1), "alpha").tasks
    [theirs] = launch(world, an_intent(1), "beta").tasks
    world.until(lambda: listed(world, "alpha") == {ours, theirs})
    assert listed(world, "beta") == {ours, theirs}
    found = described(world, ours, theirs)
    assert (found[ours].fleet, found[theirs].fleet) == ("alpha", "beta")


def test_a_sweep_of_two_fleets_gives_each_what_it_asked_for(world: PortWorld) -> None:
    [ours] = launch(world, an_intent(1), "alpha").tasks
    [theirs] = launch(world, an_intent(1), "beta").tasks
    found = world.tasks.described({"alpha": frozenset({ours}), "beta": frozenset({theirs})})
    assert {fleet: set(tasks) for fleet, tasks in found.items()} == {
        "alpha": {ours},
        "beta": {theirs},
    }


def test_more_tasks_than_one_page_or_call_takes_are_all_seen(world: PortWorld) -> None:
    tasks = frozenset(task_id for _ in range(11) for task_id in launch(world, an_intent(10)).tasks)
    assert len(tasks) == 110
    world.until(lambda: listed(world) == tasks)
    assert described(world, *tasks).keys() == tasks


def test_a_task_nobody_knows_is_absent(world: PortWorld) -> None:
    [known] = launch(world, an_intent(1)).tasks
    unknown = known[:-4] + "0000"
    assert described(world, known, unknown).keys() == {known}


def test_an_empty_cluster_is_known_to_be_empty(world: PortWorld) -> None:
    assert listed(world) == frozenset()


def test_a_cluster_that_does_not_exist_is_unknown_to_its_fleet_alone(world: PortWorld) -> None:
    lists = world.tasks.listed(["alpha", "lost"])
    assert lists["alpha"] == frozenset()
    assert isinstance(lists["lost"], Unknown)
    assert "no such cluster" in lists["lost"].why


def test_describing_in_a_cluster_that_does_not_exist_is_unknown(world: PortWorld) -> None:
    found = world.tasks.described({"lost": frozenset({"task"})})
    assert isinstance(found["lost"], Unknown)


def test_nothing_wanted_is_nothing_found(world: PortWorld) -> None:
    assert world.tasks.described({}) == {}
