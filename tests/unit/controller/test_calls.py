"""How often ports are called: an idle fleet costs one look and no write."""

from __future__ import annotations

import pytest
from support.fakeworld import FakeWorld
from support.values import NOW, PERIOD, queue, rules

from autoscaler.controller import tick
from autoscaler.core.rules import Rulebook
from autoscaler.core.tasks import TaskState
from policies.depth import Depth

BOOK = Rulebook("house", PERIOD, (rules(queue(Depth())),))


def run(fake):
    (record,) = tick(fake.world(), BOOK, int(fake.time))
    return record


def waiting(visible=25):
    return FakeWorld(time=NOW, visible={"q": visible})


def test_an_idle_fleet_is_not_saved_again():
    fake = FakeWorld()
    run(fake)
    saves = fake.called("save")
    for _ in range(3):
        fake.time += PERIOD
        run(fake)
    assert fake.called("save") == saves
    assert fake.called("described") == 0


def test_nor_is_one_that_was_busy_once():
    fake = waiting(visible=9)
    run(fake)
    fake.stop("task-0")
    fake.visible["q"] = 0
    for _ in range(2):
        fake.time += PERIOD
        run(fake)
    saves = fake.called("save")
    for _ in range(3):
        fake.time += PERIOD
        run(fake)
    assert fake.called("save") == saves


def test_a_launch_is_looked_at_saved_and_made_and_its_end_saved():
    fake = waiting()
    run(fake)
    called = [step.removeprefix("before ") for step in fake.steps if "before" in step]
    assert called == ["read", "listed", "load", "save", "launch", "save", "write"]


def test_starting_tasks_are_asked_along_where_there_is_something_to_ask():
    fake = waiting()
    run(fake)
    fake.stop("task-0")
    fake.time += PERIOD
    run(fake)
    assert fake.called("described") == 1


def test_starting_tasks_are_looked_at_after_launching_for_the_next_tick():
    fake = waiting()
    run(fake)
    fake.time += 30
    fake.start_all()
    fake.time += 90
    run(fake)
    assert fake.steps[-6:-4] == ["before described", "after described"]
    assert fake.memory().learned.start_up["FARGATE"].value == pytest.approx(30.0)
    assert {one.state for one in fake.memory().tasks.values()} == {TaskState.RUNNING}
