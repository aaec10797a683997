"""Prices in a tick: asked for because a policy needs them, beside queues and tasks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from support.fakeworld import FakeWorld
from support.replay import text_replays
from support.values import NOW, PERIOD, queue, rules, saying

from autoscaler.controller import tick
from autoscaler.core import needs
from autoscaler.core.cost import Tariff, TaskSize
from autoscaler.core.model import Advice, Cause, Observation, Unknown
from autoscaler.core.record import Record
from autoscaler.core.rules import Rulebook
from autoscaler.look import NoTariffs

TARIFF = Tariff(TaskSize(1, 2), {"FARGATE": 0.01})


@dataclass(frozen=True)
class Frugal:
    """Wants a task as long as nothing was spent."""

    needs: ClassVar = (needs.price,)

    def advise(self, seen: Observation) -> Advice:
        assert seen.money is not None
        return Advice(want=int(seen.money.spent == 0), why="Nothing was spent.")


@dataclass(frozen=True)
class Broken:
    """Raises where it should say what it needs."""

    @property
    def needs(self) -> Any:
        raise ValueError("who knows")

    def advise(self, seen: Observation) -> Advice:
        return Advice(want=9)


@dataclass
class Priced:
    """Knows some fleets' tariffs, and keeps whose it was asked for."""

    known: Mapping[str, Tariff | Unknown]
    asked: list[set[str]] = field(default_factory=list)

    def of(self, fleets: Collection[str]) -> Mapping[str, Tariff | Unknown]:
        self.asked.append(set(fleets))
        return self.known


def run(tariffs: Any, *policies: Any, fake: FakeWorld | None = None) -> Record:
    book = Rulebook("house", PERIOD, (rules(queue(*policies)),))
    world = replace((fake or FakeWorld()).world(), tariffs=tariffs)
    (record,) = tick(world, book, int(NOW))
    return record


def test_a_policy_that_needs_the_price_is_shown_money_and_decides_again_the_same():
    fake = FakeWorld()
    record = run(Priced({"f": TARIFF}), Frugal(), fake=fake)
    assert record.launched == 1
    assert record.observation is not None
    assert record.observation.money is not None
    assert record.observation.money.tariff == TARIFF
    assert text_replays(record, rules(queue(Frugal())))
    assert fake.memory().spending.tariff == TARIFF


def test_only_fleets_whose_policies_need_it_are_asked_about():
    tariffs = Priced({"g": TARIFF})
    fleets = (rules(queue(saying(want=0))), rules(queue(Frugal(), name="r"), name="g"))
    tick(replace(FakeWorld().world(), tariffs=tariffs), Rulebook("house", PERIOD, fleets), int(NOW))
    assert tariffs.asked == [{"g"}]
    run(tariffs, saying(want=0))
    assert len(tariffs.asked) == 1


def test_without_a_price_the_policy_abstains_and_the_record_says_why():
    for tariffs, why in (
        (Priced({"f": Unknown("not allowed")}), "not allowed"),
        (Priced({}), "the price of the fleet f's tasks was left out"),
        (NoTariffs(), "this world has no prices"),
    ):
        record = run(tariffs, Frugal(), saying(want=0))
        assert record.decision is not None
        assert record.decision.reasons[0].cause is Cause.ABSTAINED
        assert record.troubles == (why,)


def test_a_source_that_raises_stops_no_tick():
    class Down:
        def of(self, fleets: Any) -> Any:
            raise ConnectionResetError("gone")

    record = run(Down(), Frugal(), saying(want=1))
    assert record.launched == 1
    assert record.troubles == ("ConnectionResetError: gone",)


def test_a_policy_that_cannot_say_what_it_needs_does_not_keep_others_from_the_price():
    assert run(Priced({"f": TARIFF}), Broken(), Frugal()).launched == 1
