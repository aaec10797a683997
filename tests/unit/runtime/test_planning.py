"""A plan decides what a tick would, and leaves no trace."""

from __future__ import annotations

import pytest
from support import values
from support.fakeworld import FakeWorld
from support.faults import Faults

from autoscaler import controller
from autoscaler.core.memory import Memory
from autoscaler.core.record import End
from autoscaler.core.rules import Rulebook
from autoscaler.runtime.planning import plan
from policies.depth import Depth

BOOK = Rulebook("house", values.PERIOD, (values.rules(values.queue(Depth())),))


def test_a_plan_launches_saves_and_records_nothing() -> None:
    fake = FakeWorld(visible={"q": 25})

    plan(fake.world(), BOOK)

    assert {step.split()[1] for step in fake.steps} == {"load", "read", "listed"}
    assert (fake.saved, fake.launched, fake.records) == ({}, {}, [])


def test_the_tick_after_it_decides_the_same_and_does_it() -> None:
    fake = FakeWorld(visible={"q": 25})

    (planned,) = plan(fake.world(), BOOK)
    (done,) = controller.tick(fake.world(), BOOK, int(fake.time) + 1)

    assert (planned.observation, planned.decision) == (done.observation, done.decision)
    assert (planned.intents, planned.launched) == (done.intents, 0)
    assert done.launched == 3


def test_a_plan_in_the_very_second_of_a_tick_still_decides() -> None:
    fake = FakeWorld(visible={"q": 25})
    controller.tick(fake.world(), BOOK, int(fake.time))

    (planned,) = plan(fake.world(), BOOK)

    assert planned.end is End.DECIDED
    assert planned.decision is not None
    assert (planned.decision.live, planned.intents) == (3, ())


def test_what_the_memory_holds_is_taken_into_account() -> None:
    fake = FakeWorld(visible={"q": 25})
    fake.put("f", Memory(paused={"q": None}))

    (planned,) = plan(fake.world(), BOOK)

    assert planned.intents == ()


@pytest.mark.parametrize(
    "faults", [Faults(list_unknown=True), Faults(queues_unknown=True), Faults(load_fails=True)]
)
def test_what_would_hold_a_tick_holds_a_plan(faults: Faults) -> None:
    (planned,) = plan(FakeWorld(visible={"q": 25}, faults=faults).world(), BOOK)

    assert planned.end is End.HELD
    assert planned.troubles
