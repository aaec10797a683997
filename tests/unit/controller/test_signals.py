"""Signals in a tick: fetched because a policy declares them, beside queues and tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest
from support.fakeworld import FakeWorld
from support.replay import text_replays
from support.values import NOW, PERIOD, queue, rules, saying

from autoscaler.controller import tick
from autoscaler.core import needs
from autoscaler.core.model import Advice, Cause, Observation
from autoscaler.core.record import End
from autoscaler.core.rules import Rulebook
from autoscaler.core.signals import HttpNumber
from autoscaler.look import NoSignals

WAITING = HttpNumber("http://jobs.internal/stats", "$.waiting")


@dataclass(frozen=True)
class AsMany:
    """Wants as many tasks as a signal says."""

    source: HttpNumber = WAITING

    @property
    def needs(self) -> tuple[needs.Need, ...]:
        return (needs.signal(self.source),)

    def advise(self, seen: Observation) -> Advice:
        return Advice(want=int(seen.signals[self.source.key] or 0), why="As the signal says.")


@dataclass(frozen=True)
class Broken:
    """Needs a signal that is none."""

    needs: ClassVar = (needs.Need("a signal", lambda seen: True, signal="no signal at all"),)

    def advise(self, seen: Observation) -> Advice:
        return Advice(want=0)


@dataclass(frozen=True)
class Raising:
    """Raises where it should say what it needs."""

    @property
    def needs(self) -> tuple[needs.Need, ...]:
        raise LookupError("nothing here")

    def advise(self, seen: Observation) -> Advice:
        return Advice(want=9)


def book(*policies: Any, name: str = "f") -> Rulebook:
    return Rulebook("house", PERIOD, (rules(queue(*policies), name=name),))


def run(fake: FakeWorld, chosen: Rulebook) -> Any:
    (record,) = tick(fake.world(), chosen, int(fake.time))
    return record


def test_what_a_policy_needs_is_fetched_and_it_is_asked_with_it():
    record = run(FakeWorld(numbers={WAITING.key: 3.0}), book(AsMany()))
    assert record.observation.signals == {WAITING.key: 3.0}
    assert record.launched == 3


def test_signals_are_fetched_in_the_first_step_beside_queues_and_tasks():
    """Before the first memory is loaded here, where nothing is parallel: no round trip more."""
    fake = FakeWorld(numbers={WAITING.key: 3.0})
    run(fake, book(AsMany()))
    called = [step.removeprefix("before ") for step in fake.steps if "before" in step]
    assert called[:4] == ["read", "listed", "fetch", "load"]


def test_nobody_is_asked_where_no_policy_declares_a_signal():
    fake = FakeWorld()
    run(fake, book(saying(want=0)))
    assert fake.called("fetch") == 0


def test_the_signals_of_all_fleets_are_fetched_in_one_go_and_none_gets_anothers():
    other = HttpNumber("http://jobs.internal/stats", "$.running")
    three = [
        rules(queue(AsMany()), name="f"),
        rules(queue(AsMany(other), name="r"), name="g"),
        rules(queue(saying(want=0), name="s"), name="h"),
    ]
    fake = FakeWorld(numbers={WAITING.key: 1.0, other.key: 2.0})
    records = tick(fake.world(), Rulebook("house", PERIOD, tuple(three)), int(NOW))
    assert fake.called("fetch") == 1
    assert [record.observation.signals for record in records] == [
        {WAITING.key: 1.0},
        {other.key: 2.0},
        {},
    ]


def test_an_unknown_signal_has_its_policy_abstain_and_the_record_says_why():
    record = run(FakeWorld(), book(AsMany()))
    assert record.observation.signals == {WAITING.key: None}
    assert record.decision.reasons[0].cause is Cause.ABSTAINED
    assert record.troubles == (f"{WAITING.key} has no datapoint",)
    assert record.launched == 0


def test_others_advise_while_a_signal_is_unknown():
    record = run(FakeWorld(), book(AsMany(), saying(want=2)))
    assert record.launched == 2


def test_a_source_that_raises_is_unknown_to_all_and_stops_no_tick():
    class Down:
        def fetch(self, wanted: Any, now: float) -> Any:
            raise ConnectionResetError("gone")

    fake = FakeWorld()
    world = replace(fake.world(), signals=Down())
    (record,) = tick(world, book(AsMany(), saying(want=1)), int(NOW))
    assert (record.end, record.launched) == (End.DECIDED, 1)
    assert record.troubles == ("ConnectionResetError: gone",)


def test_a_signal_that_is_left_out_of_the_answer_is_unknown():
    class Forgetful:
        def fetch(self, wanted: Any, now: float) -> Mapping[str, Any]:
            return {}

    world = replace(FakeWorld().world(), signals=Forgetful())
    (record,) = tick(world, book(AsMany()), int(NOW))
    assert record.troubles == (f"the signal {WAITING.key} was left out",)


@pytest.mark.parametrize("other", [Broken(), Raising()])
def test_a_policy_that_cannot_say_what_it_needs_does_not_keep_others_from_their_signals(other):
    record = run(FakeWorld(numbers={WAITING.key: 2.0}), book(other, AsMany()))
    assert record.observation.signals == {WAITING.key: 2.0}
    assert record.launched == 2


def test_a_world_without_signals_says_so():
    world = replace(FakeWorld().world(), signals=NoSignals())
    (record,) = tick(world, book(AsMany()), int(NOW))
    assert record.troubles == ("this world has no signals",)


@pytest.mark.parametrize("numbers", [{WAITING.key: 3.0}, {}])
def test_a_tick_with_signals_can_be_decided_again_from_its_record(numbers):
    chosen = book(AsMany(), saying(want=1))
    assert text_replays(run(FakeWorld(numbers=numbers), chosen), chosen.fleets[0])
