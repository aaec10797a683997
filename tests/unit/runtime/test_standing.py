"""What lives of a queue's fleet, and whether anything new will: by the memory and by ECS."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import pytest
from support.aws_settings import fleet, settings

from autoscaler.core.actions import Intent, Launch
from autoscaler.core.errors import ConfigurationError, ObservationError
from autoscaler.core.ledger import EXPIRES_AFTER
from autoscaler.core.memory import Memory
from autoscaler.core.model import Unknown
from autoscaler.core.settings import FleetSettings, MemoryInFile, MemoryInProcess, Settings
from autoscaler.core.tasks import Provider, Task, TaskState
from autoscaler.runtime.standing import Standing
from autoscaler.runtime.stores import InProcessStore

NOW = 1_800_000_000.0


@dataclass
class Shown:
    """Tasks as ECS shows them."""

    tasks: tuple[Task, ...] = ()
    trouble: str | None = None

    def listed(self, fleets: Collection[str]) -> Mapping[str, frozenset[str] | Unknown]:
        found = Unknown(self.trouble) if self.trouble else frozenset(one.id for one in self.tasks)
        return dict.fromkeys(fleets, found)

    def described(
        self, wanted: Mapping[str, frozenset[str]]
    ) -> Mapping[str, Mapping[str, Task] | Unknown]:
        by_id = {one.id: one for one in self.tasks}
        return {name: {one: by_id[one] for one in ids} for name, ids in wanted.items()}


def task(name: str, *, fleet: str = "workers", state: TaskState = TaskState.RUNNING) -> Task:
    return Task(id=name, fleet=fleet, provider=Provider.FARGATE, state=state)


def configured() -> Settings:
    made = settings({"workers": fleet()}, {"jobs": "jobs"}, {"jobs": "workers"})
    return replace(made, store=MemoryInFile("unused"))


class Stopped(list[str]):
    def __call__(self, arn: str, fleet: FleetSettings) -> None:
        self.append(arn)


def standing(shown: Shown, memory: Memory | None = None) -> Standing:
    store = InProcessStore()
    store.save("workers", memory or Memory(), None)
    return Standing(configured(), store, shown, "jobs", lambda: NOW, Stopped())


def test_only_live_tasks_of_the_fleet_count() -> None:
    shown = Shown(
        (
            task("a"),
            task("b", state=TaskState.STARTING),
            task("c", state=TaskState.STOPPED),
            task("d", fleet="others"),
        )
    )
    assert standing(shown).live() == 2


def test_launches_in_doubt_count_until_they_expire() -> None:
    """Their tasks may come up after the pause."""

    def intent(token: str, saved_at: float) -> Intent:
        return Intent(token, 1, 0, Launch(Provider.FARGATE, 3), saved_at, seen=("a",))

    memory = Memory(intents=(intent("new", NOW - 5), intent("old", NOW - EXPIRES_AFTER - 1)))
    assert standing(Shown(), memory).live() == 2


def test_what_ecs_does_not_tell_is_not_nothing() -> None:
    with pytest.raises(ObservationError, match="throttled"):
        standing(Shown(trouble="throttled")).live()


def test_a_pause_that_ends_by_itself_is_none() -> None:
    assert not standing(Shown(), Memory(paused={"jobs": NOW + 60})).paused()
    assert not standing(Shown()).paused()
    assert standing(Shown(), Memory(paused={"jobs": None})).paused()


def test_it_is_switched_off_and_on_again_for_other_processes_to_see() -> None:
    made = standing(Shown())
    made.switch(on=False)
    assert made.paused()
    made.switch(on=False)
    made.switch(on=True)
    assert not made.paused()


def test_a_memory_in_the_process_is_no_place_to_pause_in() -> None:
    made = standing(Shown())
    alone = replace(made, settings=replace(made.settings, store=MemoryInProcess()))
    with pytest.raises(ConfigurationError, match="use the store file or dynamodb"):
        alone.switch(on=False)


def test_every_live_task_is_asked_to_stop() -> None:
    made = standing(Shown((task("a"), task("b"), task("c", fleet="others"))))
    made.stop_tasks()
    assert sorted(made.stop) == ["a", "b"]
