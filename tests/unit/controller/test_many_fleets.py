"""All fleets tick at once, in one sweep, and no fleet's trouble reaches another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
from support.fakeworld import FakeWorld
from support.faults import Faults
from support.values import NOW, PERIOD, queue, rules

from autoscaler.controller import tick
from autoscaler.core.model import Advice, Unknown
from autoscaler.core.record import End
from autoscaler.core.rules import Rulebook, Spot
from autoscaler.core.tasks import Provider
from policies.depth import Depth

DUE = int(NOW)
FLEETS = ("f", "g", "h")
NAMES = {"f": "q", "g": "r", "h": "s"}


def book(**spot):
    one = Depth()
    return Rulebook(
        "house",
        PERIOD,
        tuple(rules(queue(one, name=NAMES[name]), name=name, spot=Spot(**spot)) for name in FLEETS),
    )


def waiting(**faults):
    return FakeWorld(visible=dict.fromkeys("qrs", 15), faults=Faults(**faults))


def by_fleet(records):
    return {record.fleet: record for record in records}


def run(fake, chosen=None, due=DUE):
    return by_fleet(tick(fake.world(), chosen or book(), due))


def broken(fake, port, fleet, error):
    """Let one port raise for one fleet alone."""
    real = getattr(fake, port)

    def call(name, *rest):
        if name == fleet:
            raise error
        return real(name, *rest)

    setattr(fake, port, call)


def test_every_fleet_gets_its_own_tasks():
    fake = waiting()
    run(fake)
    assert {name: len(fake.living(name)) for name in FLEETS} == dict.fromkeys(FLEETS, 2)


def test_queues_and_lists_are_looked_at_once_for_all_fleets():
    fake = waiting()
    run(fake)
    assert (fake.called("read"), fake.called("listed"), fake.called("load")) == (1, 1, 3)


def test_open_tasks_of_all_fleets_are_looked_at_in_one_sweep():
    fake = waiting()
    run(fake)
    fake.stop("task-0", "task-2")
    fake.time += PERIOD
    run(fake, due=DUE + 120)
    assert fake.called("described") == 2  # one before deciding, one for other starting tasks


def test_other_fleets_tasks_on_the_same_list_are_not_ones_own():
    fake = waiting()
    run(fake)
    fake.saved.clear()
    records = run(fake, due=DUE + 1)
    assert [record.decision.live for record in records.values()] == [2, 2, 2]


@pytest.mark.parametrize("port", ["load", "save", "launch"])
def test_an_error_nobody_foresaw_stays_with_its_fleet(port):
    fake = waiting()
    broken(fake, port, "g", RuntimeError("what is this"))
    records = run(fake)
    assert {name: len(fake.living(name)) for name in FLEETS} == {"f": 2, "g": 0, "h": 2}
    assert (records["f"].end, records["h"].end) == (End.DECIDED, End.DECIDED)
    assert len(fake.records) == 3


def test_a_failed_fleet_says_why():
    fake = waiting()
    broken(fake, "save", "g", RuntimeError("what is this"))
    failed = run(fake)["g"]
    assert (failed.end, failed.troubles) == (End.FAILED, ("RuntimeError: what is this",))


@pytest.mark.parametrize(
    ("port", "trouble"),
    [("read", "RuntimeError: no"), ("listed", "RuntimeError: no")],
)
def test_a_look_that_raises_is_unknown_and_holds(port, trouble):
    fake = waiting()

    def call(*_):
        raise RuntimeError("no")

    setattr(fake, port, call)
    for record in run(fake).values():
        assert (record.end, record.troubles) == (End.HELD, (trouble,))


def test_a_look_after_launching_that_raises_loses_no_launch():
    fake = waiting()
    run(fake)
    fake.time += PERIOD
    fake.visible["q"] = 95

    def call(*_):
        raise RuntimeError("no")

    fake.described = call
    assert run(fake, due=DUE + 120)["f"].launched == 8
    assert len(fake.memory("f").tasks) == 10


def test_a_list_unknown_for_one_cluster_holds_its_fleets_alone():
    fake = waiting()
    listed = fake.listed
    fake.listed = lambda fleets: {**listed(fleets), "g": Unknown("no such cluster")}
    records = run(fake)
    assert [records[name].end for name in FLEETS] == [End.DECIDED, End.HELD, End.DECIDED]


@pytest.mark.trap("T19")
def test_a_listed_task_that_ecs_does_not_describe_makes_the_fleets_unknown():
    """It may be anyone's: with its memory lost, the fleet would launch one too many."""
    fake = waiting()
    run(fake)
    fake.saved.clear()
    fake.faults.describe_delay = 60.0
    records = run(fake, due=DUE + 1)
    assert {record.end for record in records.values()} == {End.HELD}
    assert "does not describe yet" in records["f"].troubles[0]
    fake.time += 60.0
    run(fake, due=DUE + 61)
    assert len(fake.real) == 6


def test_a_fleet_without_its_memory_holds_and_its_tasks_confuse_nobody():
    fake = waiting()
    run(fake)
    broken(fake, "load", "g", RuntimeError("no"))
    records = run(fake, due=DUE + 1)
    assert [records[name].end for name in FLEETS] == [End.DECIDED, End.HELD, End.DECIDED]
    assert len(fake.real) == 6


def test_launches_are_split_over_the_fleets_life():
    fake = FakeWorld(visible={"q": 10, "r": 0, "s": 0})
    for n in range(10):
        run(fake, book(share=0.8), DUE + n)
        fake.stop(*(one.id for one in fake.living()))
    on_spot = [one for one in fake.real.values() if one.provider is Provider.FARGATE_SPOT]
    assert (len(on_spot), len(fake.real)) == (8, 10)


@dataclass(frozen=True)
class KeepsWhatJsonCannotHold:
    needs: ClassVar = ()

    def advise(self, seen):
        return Advice(want=1, notes={"seen": {1, 2}})


def test_notes_that_cannot_be_saved_stop_nobody():
    fake = waiting()
    chosen = rules(queue(KeepsWhatJsonCannotHold(), Depth()), name="f")
    records = run(fake, Rulebook("house", PERIOD, (chosen, *book().fleets[1:])))
    assert {record.end for record in records.values()} == {End.DECIDED}
    assert len(fake.living("f")) == 2
