"""Launches in doubt: asked for once more under their token, and never made a second time."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from support.fakeworld import FakeWorld
from support.faults import Crash, Faults, Launching
from support.values import NOW, PERIOD, queue, rules, saying

from autoscaler.controller import tick
from autoscaler.core.ledger import CARRIED_OUT_WITHIN, EXPIRES_AFTER
from autoscaler.core.record import End
from autoscaler.core.rules import Rulebook
from policies.depth import Depth

DUE = int(NOW)
BOOK = Rulebook("house", PERIOD, (rules(queue(Depth())),))


def waiting(**faults):
    return FakeWorld(visible={"q": 25}, faults=Faults(**faults))


def run(fake, due=None, book=BOOK):
    (record,) = tick(fake.world(), book, due or int(fake.time))
    return record


def later(fake, seconds=PERIOD, book=BOOK, **faults):
    """The next tick, in a world that misbehaves in this way."""
    fake.faults = Faults(**faults)
    fake.time += seconds
    return run(fake, book=book)


class TestAskedAgain:
    """At later ticks, while their tasks are wanted (T10)."""

    @pytest.mark.trap("T10")
    def test_a_launch_whose_answer_was_lost_names_its_tasks(self):
        fake = waiting(launching=Launching.LOST)
        run(fake)
        record = later(fake, list_delay=9999.0, describe_delay=9999.0)
        assert (record.launched, len(fake.living())) == (3, 3)
        assert (fake.memory().intents, len(fake.memory().tasks)) == ((), 3)

    def test_a_launch_that_a_dead_process_never_made_is_made(self):
        fake = waiting()

        def end():
            raise Crash

        fake.meanwhile[8] = end  # after the save of intents, before the launch
        with suppress(Crash):
            run(fake)
        assert (fake.living(), len(fake.memory().intents)) == ([], 1)
        assert later(fake).launched == 3
        assert len(fake.launched) == 1

    def test_not_if_its_tasks_are_no_longer_wanted(self):
        fake = waiting(launching=Launching.RAISES_BEFORE)
        run(fake)
        fake.visible["q"] = 5
        later(fake)
        assert fake.living() == []

    def test_not_while_something_holds_launches_back(self):
        fake = waiting(launching=Launching.RAISES_BEFORE)
        run(fake)
        fake.put("f", replace(fake.memory(), paused={"q": None}))
        later(fake)
        assert fake.living() == []

    def test_not_while_the_fleet_is_unknown(self):
        fake = waiting(launching=Launching.RAISES_BEFORE)
        run(fake)
        later(fake, list_unknown=True)
        assert fake.living() == []

    def test_not_once_it_is_so_old_that_lists_could_be_late_beyond_its_expiry(self):
        fake = waiting(launching=Launching.RAISES_BEFORE)
        run(fake)
        later(fake, CARRIED_OUT_WITHIN)
        assert fake.living() == []
        assert later(fake, EXPIRES_AFTER - CARRIED_OUT_WITHIN).launched == 3

    def test_its_refusals_begin_no_second_round_of_a_later_tick(self):
        fake = waiting(launching=Launching.LOST, list_delay=9999.0)
        run(fake)
        record = later(fake, launching=Launching.THROTTLED, list_delay=9999.0)
        assert [intent.tick for intent in record.intents] == [DUE]


class TestShared:
    """Two replicas carry out the same launch under the same token."""

    SAVED = 8  # the step after the save of intents

    def test_one_turned_away_takes_nothing_from_one_let_in(self):
        """Whichever of them saves first."""
        for let_in in (0, 1):
            fake = waiting(list_delay=9999.0, let_in=let_in, throttled_calls=2)
            fake.meanwhile[self.SAVED] = lambda fake=fake: run(fake, DUE)
            run(fake)
            for _ in range(3):
                later(fake, list_delay=250.0, describe_delay=250.0)
            assert len(fake.living()) == fake.most_living["f"] == 3

    def test_one_turned_away_while_the_other_dies_after_its_launch(self):
        fake = waiting(list_delay=9999.0, let_in=1, throttled_calls=2)

        def other():
            fake.meanwhile[len(fake.steps) + 8] = lambda: (_ for _ in ()).throw(Crash)
            with suppress(Crash):
                run(fake, DUE)
            fake.meanwhile.clear()

        fake.meanwhile[self.SAVED] = other
        run(fake)
        for _ in range(3):
            later(fake, list_delay=250.0, describe_delay=250.0)
        assert len(fake.living()) == fake.most_living["f"] == 3

    def test_both_turned_away_leave_it_to_the_next_tick_and_no_later(self):
        fake = waiting(launching=Launching.THROTTLED)
        fake.meanwhile[self.SAVED] = lambda: run(fake, DUE)
        run(fake)
        assert fake.living() == []
        assert later(fake).launched == 3


class TestOutOfTime:
    def test_nothing_is_launched_after_the_deadline_and_nothing_is_owed(self):
        fake = waiting(latency=1.0)
        (record,) = tick(fake.world(), BOOK, DUE, NOW + 5)
        assert (record.end, fake.called("launch")) == (End.DECIDED, 0)
        (outcome,) = record.outcomes.values()
        assert outcome.failures[0].kind == "late"
        assert fake.memory().intents == ()
        fake.visible["q"] = 5
        assert later(fake).launched == 1  # decided afresh, not three made up for

    def test_a_repeated_tick_that_is_out_of_time_keeps_what_it_found_in_doubt(self):
        fake = waiting(launching=Launching.LOST, list_delay=9999.0)
        run(fake)
        tick(fake.world(), BOOK, DUE, NOW)
        assert len(fake.memory().intents) == 1

    def test_a_process_that_slept_for_minutes_makes_no_launch_it_saved_before(self):
        fake = waiting()

        def sleep():
            fake.time += CARRIED_OUT_WITHIN

        fake.meanwhile[7] = sleep  # after the save of intents
        run(fake)
        assert fake.called("launch") == 0


@pytest.mark.parametrize("again", [False, True])
def test_a_policy_that_wants_less_than_lives_asks_for_nothing_again(again):
    fake = waiting(launching=Launching.RAISES_BEFORE)
    book = Rulebook("house", PERIOD, (rules(queue(saying(want=3))),))
    run(fake, book=book)
    less = Rulebook("house", PERIOD, (rules(queue(saying(want=3 if again else 2))),))
    later(fake, book=less)
    assert len(fake.living()) == (3 if again else 0)
