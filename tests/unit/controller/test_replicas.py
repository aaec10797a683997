"""Several replicas, and processes that end anywhere: nothing is launched twice or forgotten."""

from __future__ import annotations

from contextlib import suppress

import pytest
from support.fakeworld import FakeWorld
from support.faults import Crash, Faults, Launching
from support.values import NOW, PERIOD, queue, rules

from autoscaler.controller import TRIES, tick
from autoscaler.core.ledger import EXPIRES_AFTER
from autoscaler.core.memory import Memory
from autoscaler.core.record import End
from autoscaler.core.rules import Rulebook
from policies.depth import Depth

DUE = int(NOW)
BOOK = Rulebook("house", PERIOD, (rules(queue(Depth())),))
STEPS = range(2 * len(("read", "listed", "load", "save", "launch", "save", "write")))
"""Of a tick that launches once: each port call has a step before and one after its effect."""


def waiting(**faults):
    return FakeWorld(visible={"q": 25}, faults=Faults(**faults))


def run(fake, due=DUE):
    (record,) = tick(fake.world(), BOOK, due)
    return record


def raising(error):
    raise error


@pytest.mark.parametrize("late", [0.0, PERIOD + 1])
@pytest.mark.parametrize("step", STEPS)
class TestAtEveryStep:
    def test_a_process_that_ends_there_and_starts_anew_finishes_the_tick(self, step, late):
        fake = waiting(list_delay=late)
        fake.meanwhile[step] = lambda: raising(Crash)
        with suppress(Crash):
            run(fake)
        run(fake)
        assert len(fake.living()) == 3

    def test_a_process_that_ends_there_and_comes_back_a_tick_later_launches_nothing_twice(
        self, step, late
    ):
        fake = waiting(list_delay=late)
        fake.meanwhile[step] = lambda: raising(Crash)
        with suppress(Crash):
            run(fake)
        while fake.time < NOW + EXPIRES_AFTER + PERIOD:
            fake.time += PERIOD
            run(fake, int(fake.time))
        assert len(fake.living()) == fake.most_living["f"] == 3

    @pytest.mark.parametrize("other", [DUE, DUE + 1])
    def test_a_second_replica_that_ticks_there_launches_nothing_twice(self, step, late, other):
        fake = waiting(list_delay=late)
        fake.meanwhile[step] = lambda: run(fake, other)
        run(fake)
        assert len(fake.living()) == 3
        fake.time += PERIOD
        run(fake, DUE + int(PERIOD))
        assert len(fake.living()) == fake.most_living["f"] == 3
        assert fake.memory().intents == ()


class TestConflicts:
    def test_who_saves_second_decides_again_on_what_the_first_decided(self):
        fake = waiting()
        fake.meanwhile[fake_step("before save")] = lambda: run(fake, DUE - 5)
        record = run(fake)
        assert (record.end, record.decision.live, record.launched) == (End.DECIDED, 3, 0)

    def test_who_is_always_second_holds_and_says_why(self):
        fake = waiting()

        def forestall():
            version, memory = fake.saved.get("f", (0, Memory()))
            fake.saved["f"] = version + 1, memory
            for later in range(1, 5):
                fake.meanwhile[len(fake.steps) + later] = forestall

        fake.meanwhile[fake_step("before save")] = forestall
        record = run(fake)
        assert record.end is End.HELD
        assert record.troubles == ("others kept saving this fleet's memory; next tick tries again",)
        assert fake.called("save") == TRIES
        assert fake.living() == []

    def test_a_store_that_fails_after_a_conflict_holds(self):
        fake = waiting()

        def break_store():
            run(fake, DUE - 5)
            fake.faults.load_fails = True

        fake.meanwhile[fake_step("before save")] = break_store
        assert run(fake).troubles == ("the store did not answer",)


class TestSettling:
    """After the launch: whatever happens to the last save, the tasks count."""

    LAST_SAVE = 10

    def test_an_outcome_is_settled_onto_what_others_saved_since(self):
        fake = waiting()
        fake.meanwhile[self.LAST_SAVE] = lambda: run(fake, DUE + 1)
        run(fake)
        assert fake.memory().tick == DUE + 1
        assert (len(fake.memory().tasks), fake.memory().intents) == (3, ())

    @pytest.mark.parametrize(
        "break_it",
        [
            {"save_fails": True},
            {"save_lost": True},
        ],
    )
    def test_a_store_that_fails_leaves_the_launch_in_doubt(self, break_it):
        fake = waiting(list_delay=PERIOD + 1)
        fake.meanwhile[self.LAST_SAVE] = lambda: vars(fake.faults).update(break_it)
        record = run(fake)
        assert record.launched == 3
        assert any("store" in trouble for trouble in record.troubles)
        fake.faults = Faults(list_delay=PERIOD + 1)
        fake.time += PERIOD
        run(fake, int(fake.time))
        assert len(fake.living()) == 3

    def test_others_who_keep_saving_leave_the_launch_in_doubt(self):
        fake = waiting()

        def forestall():
            version, memory = fake.saved["f"]
            fake.saved["f"] = version + 1, memory
            fake.meanwhile[len(fake.steps) + 2] = forestall

        fake.meanwhile[self.LAST_SAVE] = forestall
        (trouble,) = run(fake).troubles
        assert trouble == (
            "others kept saving this fleet's memory; its launches are live until they show"
        )
        assert len(fake.memory().intents) == 1

    def test_a_memory_that_cannot_be_loaded_after_a_conflict_is_said(self):
        fake = waiting()

        def conflict_and_break():
            run(fake, DUE + 1)
            fake.faults.load_fails = True

        fake.meanwhile[self.LAST_SAVE] = conflict_and_break
        assert run(fake).troubles == ("the store did not answer",)

    def test_an_error_nobody_foresaw_in_the_store_is_said(self):
        fake = waiting()
        fake.meanwhile[self.LAST_SAVE] = lambda: raising(TypeError("what is this"))
        assert run(fake).troubles == ("TypeError: what is this",)

    def test_a_repeated_launch_that_others_settled_meanwhile_is_not_saved_again(self):
        fake = waiting(launching=Launching.LOST)
        run(fake)
        fake.faults = Faults()
        start = len(fake.steps)
        fake.meanwhile[start + self.LAST_SAVE - 2] = lambda: run(fake)
        assert run(fake).end is End.DONE_BEFORE
        assert len(fake.living()) == len(fake.memory().tasks) == 3


def fake_step(step):
    """The place of a step in a first tick that launches."""
    fake = waiting()
    run(fake)
    return fake.steps.index(step)
