"""One tick: look, decide once, save the intents, act, settle."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.fakeworld import FakeWorld
from support.faults import Faults, Launching
from support.values import NOW, PERIOD, Counts, Raises, queue, rules, saying

from autoscaler.controller import tick
from autoscaler.core.ledger import EXPIRES_AFTER
from autoscaler.core.model import Cause
from autoscaler.core.record import End
from autoscaler.core.rules import Fallback, Rulebook
from policies.depth import Depth

DUE = int(NOW)


def book(*fleets):
    return Rulebook("house", PERIOD, fleets)


DEPTH = book(rules(queue(Depth())))


def run(fake, chosen=DEPTH, due=None):
    """The next tick, or a given one."""
    (record,) = tick(fake.world(), chosen, due or int(fake.time))
    return record


def waiting(visible=25, **faults):
    return FakeWorld(visible={"q": visible}, faults=Faults(**faults))


class TestLaunching:
    def test_what_is_missing_is_launched_and_recorded(self):
        fake = waiting()
        record = run(fake)
        assert len(fake.living()) == 3
        assert (record.end, record.launched, record.tick, record.at) == (End.DECIDED, 3, DUE, NOW)
        assert fake.records == [record]

    def test_intents_are_saved_before_anything_is_launched(self):
        fake = waiting()
        run(fake)
        assert fake.steps.index("after save") < fake.steps.index("before launch")

    @pytest.mark.trap("T18")
    def test_launched_tasks_are_remembered_before_any_list_shows_them(self):
        fake = waiting(list_delay=9999.0, describe_delay=9999.0)
        for _ in range(4):
            run(fake)
            fake.time += PERIOD
        assert len(fake.living()) == 3

    @pytest.mark.trap("T9")
    def test_partly_refused_launches_are_made_up_for_at_the_next_tick(self):
        fake = waiting(accepts=2)
        run(fake)
        assert (len(fake.living()), fake.memory().intents) == (2, ())
        fake.time += PERIOD
        run(fake)
        assert len(fake.living()) == 3

    @pytest.mark.trap("T10")
    def test_a_launch_refused_for_certain_is_tried_anew_under_another_token(self):
        fake = waiting(launching=Launching.REFUSED)
        run(fake)
        fake.faults = Faults()
        fake.time += PERIOD
        run(fake)
        assert len(fake.living()) == 3
        assert len(fake.launched) == 2

    @pytest.mark.parametrize("lost", [Launching.LOST, Launching.RAISES_AFTER])
    def test_tasks_of_a_launch_in_doubt_are_counted_and_then_recognised(self, lost):
        fake = waiting(launching=lost, list_delay=PERIOD + 1)
        record = run(fake)
        assert [outcome.unsure for outcome in record.outcomes.values()] != [None]
        for _ in range(3):
            fake.time += PERIOD
            run(fake)
        assert len(fake.living()) == 3
        assert fake.memory().intents == ()
        assert len(fake.memory().tasks) == 3

    def test_a_launch_that_never_was_is_given_up_and_made_anew(self):
        fake = waiting(launching=Launching.RAISES_BEFORE)
        record = run(fake)
        (outcome,) = record.outcomes.values()
        assert outcome.unsure == "ConnectionRefusedError: nobody is there"
        fake.faults = Faults()
        fake.time += EXPIRES_AFTER - 1
        assert run(fake).launched == 0
        fake.time += 1
        assert run(fake).launched == 3

    def test_tasks_that_have_left_make_room(self):
        fake = waiting()
        run(fake)
        fake.stop("task-0")
        fake.time += PERIOD
        run(fake)
        assert len(fake.living()) == 3
        assert "task-0" not in fake.memory().tasks


@pytest.mark.parametrize("bookable", [True, False])
def test_policies_are_told_whether_the_looks_they_ask_for_are_kept(bookable):
    world = replace(waiting().world(), bookable=bookable)
    (record,) = tick(world, DEPTH, DUE)
    assert record.observation.bookable is bookable


class TestSameTickAgain:
    def test_it_launches_nothing_a_second_time(self):
        fake = waiting()
        run(fake)
        fake.visible["q"] = 90
        record = run(fake)
        assert (record.end, record.launched, len(fake.living())) == (End.DONE_BEFORE, 0, 3)

    def test_it_finishes_what_was_saved_and_not_carried_out(self):
        fake = waiting(launching=Launching.RAISES_BEFORE)
        run(fake)
        fake.faults = Faults()
        record = run(fake)
        assert (record.end, record.launched, len(fake.living())) == (End.DONE_BEFORE, 3, 3)
        assert fake.memory().intents == ()

    def test_it_repeats_a_launch_in_doubt_under_the_same_token(self):
        fake = waiting(launching=Launching.LOST)
        run(fake)
        fake.faults = Faults()
        assert run(fake).launched == 3
        assert len(fake.living()) == 3

    def test_notes_advance_once_a_tick_id(self):
        fake = FakeWorld()
        counting = book(rules(queue(Counts())))
        for _ in range(3):
            run(fake, counting, DUE)
        assert fake.memory().notes == {"q/p1": {"asked": 1}}
        run(fake, counting, DUE + 1)
        assert fake.memory().notes == {"q/p1": {"asked": 2}}

    def test_notes_outlive_a_tick_at_which_their_policy_was_not_asked(self):
        fake = FakeWorld()
        counting = book(rules(queue(Counts())))
        run(fake, counting, DUE)
        fake.faults.list_unknown = True
        run(fake, counting, DUE + 1)
        fake.faults.list_unknown = False
        run(fake, counting, DUE + 2)
        assert fake.memory().notes == {"q/p1": {"asked": 2}}

    @pytest.mark.trap("T23")
    def test_a_tick_that_comes_after_a_later_one_does_nothing(self):
        fake = waiting()
        run(fake)
        record = run(fake, due=DUE - 1)
        assert (record.end, len(fake.living())) == (End.STALE, 3)


class TestHolding:
    @pytest.mark.parametrize(
        "unknown", [{"list_unknown": True}, {"list_unknown": True, "launching": Launching.LOST}]
    )
    def test_an_unknown_fleet_holds(self, unknown):
        fake = waiting(**unknown)
        record = run(fake)
        assert (record.end, fake.living()) == (End.HELD, [])
        assert record.decision.reasons[-1].cause is Cause.FLEET_UNKNOWN
        assert record.troubles == ("ListTasks did not answer",)

    def test_a_list_that_cannot_be_explained_is_an_unknown_fleet(self):
        fake = waiting()
        run(fake)
        fake.stop("task-0")
        fake.faults.describe_unknown = True
        fake.time += PERIOD
        assert run(fake).decision.target is None

    def test_unknown_queues_hold_until_their_fallback_applies(self):
        fake = waiting(queues_unknown=True)
        chosen = book(rules(queue(Depth(), when_unknown=Fallback(want=2, after_ticks=3))))
        ends = []
        for _ in range(3):
            ends.append(run(fake, chosen).end)
            fake.time += PERIOD
        assert ends == [End.HELD, End.HELD, End.DECIDED]
        assert len(fake.living()) == 2

    def test_without_memory_nothing_is_launched(self):
        fake = waiting(load_fails=True)
        record = run(fake)
        assert (record.end, record.troubles) == (End.HELD, ("the store did not answer",))
        assert fake.living() == []

    @pytest.mark.parametrize("fault", ["save_fails", "save_lost"])
    def test_what_could_not_be_saved_is_not_launched(self, fault):
        fake = waiting(**{fault: True})
        assert run(fake).end is End.HELD
        assert fake.living() == []

    def test_an_intent_whose_save_lost_its_answer_is_finished_by_the_same_tick(self):
        fake = waiting(save_lost=True)
        run(fake)
        fake.faults = Faults()
        assert run(fake).launched == 3

    def test_a_policy_that_raises_is_recorded_and_the_others_decide(self):
        fake = waiting(visible=0)
        record = run(fake, book(rules(queue(Raises(ValueError("x")), saying(want=1)))))
        assert record.decision.reasons[0].cause is Cause.POLICY_FAILED
        assert len(fake.living()) == 1
