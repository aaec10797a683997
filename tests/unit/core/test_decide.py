"""One observation becomes one decision, every step with its reason, in this order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.values import (
    NOW,
    PERIOD,
    Counts,
    NeedsCounts,
    Raises,
    blind,
    observation,
    queue,
    reading,
    rules,
    saying,
)

from autoscaler.core.decide import decide
from autoscaler.core.model import Advice, Cause, Restraint
from autoscaler.core.rules import Combine, Fallback

WANTS_3 = NeedsCounts(Advice(want=3))


def causes(decision):
    return [reason.cause for reason in decision.reasons]


def texts(decision):
    return [reason.text for reason in decision.reasons]


def decided(*policies, seen=None, combine=Combine.MAX, when_unknown=None, **limits):
    one = queue(*policies, combine=combine, when_unknown=when_unknown)
    return decide(seen or observation(), rules(one, **limits), {})


class TestWants:
    @pytest.mark.parametrize(
        ("combine", "target"),
        [(Combine.MAX, 5), (Combine.MIN, 1), (Combine.SUM, 9), (Combine.FIRST, 3)],
    )
    def test_wants_are_combined_as_configured(self, combine, target):
        wants = saying(want=3), saying(want=1), saying(want=5)
        assert decided(*wants, combine=combine).target == target

    @pytest.mark.parametrize(
        ("combine", "target"),
        [(Combine.MAX, 5), (Combine.MIN, 3), (Combine.SUM, 8), (Combine.FIRST, 3)],
    )
    def test_wants_of_queues_that_share_a_fleet_are_combined_too(self, combine, target):
        a, b = queue(saying(want=3), name="a"), queue(saying(want=5), name="b")
        seen = observation(reading(queue="a"), reading(queue="b"))
        assert decide(seen, rules(a, b, combine=combine), {}).target == target

    @pytest.mark.parametrize(
        ("combine", "sentence"),
        [
            (Combine.MAX, "p1 3, p2 1, p3 5: the max is 5, of p3."),
            (Combine.MIN, "p1 3, p2 1, p3 5: the min is 1, of p2."),
            (Combine.SUM, "p1 3, p2 1, p3 5: the sum is 9."),
            (Combine.FIRST, "p1 3, p2 1, p3 5: the first is 3, of p1."),
        ],
    )
    def test_several_wants_are_told_with_the_one_that_counts(self, combine, sentence):
        found = decided(saying(want=3), saying(want=1), saying(want=5), combine=combine)
        assert (sentence, "q") in [(one.text, one.queue) for one in found.reasons]

    def test_the_queue_that_counts_is_told_and_a_single_want_needs_no_word(self):
        a, b = queue(saying(want=3), name="a"), queue(saying(want=5), name="b")
        found = decide(observation(reading(queue="a"), reading(queue="b")), rules(a, b), {})
        combined = [one for one in found.reasons if one.cause is Cause.COMBINED]
        assert [(one.text, one.queue) for one in combined] == [
            ("a 3, b 5: the max is 5, of b.", None)
        ]
        assert Cause.COMBINED not in causes(decided(saying(want=3), saying()))

    def test_each_policy_is_shown_its_own_queue_and_its_own_notes(self):
        asked = decide(
            observation(reading(queue="a"), reading(queue="b")),
            rules(queue(Counts(), name="a"), queue(Counts(), name="b")),
            {"a/p1": {"asked": 4}},
        )
        assert [one.advice.notes for one in asked.heard] == [{"asked": 5}, {"asked": 1}]
        assert [(one.queue, one.policy) for one in asked.heard] == [("a", "p1"), ("b", "p1")]

    def test_a_want_that_equals_what_lives_launches_nothing(self):
        found = decided(saying(want=3), seen=observation(live=3))
        assert found.missing == 0
        assert causes(found) == [Cause.WANT, Cause.ENOUGH]
        assert texts(found)[-1] == "3 wanted, 3 live: nothing to launch."

    def test_a_want_is_a_total_so_only_what_is_missing_is_launched(self):
        found = decided(saying(want=5), seen=observation(live=3))
        assert (found.target, found.live, found.missing) == (5, 3, 2)
        assert causes(found) == [Cause.WANT, Cause.LAUNCH]
        assert texts(found)[-1] == "5 wanted, 3 live: 2 missing."

    @pytest.mark.trap("T22")
    def test_more_tasks_than_wanted_stop_none(self):
        assert decided(saying(want=1), seen=observation(live=3)).missing == 0


class TestBounds:
    def test_every_step_in_order(self):
        found = decided(
            saying(want=1), saying(at_least=9), saying(at_most=4), min_tasks=6, max_tasks=5
        )
        assert causes(found) == [
            *[Cause.WANT] * 3,
            Cause.AT_LEAST,
            Cause.AT_MOST,
            Cause.AT_LEAST,
            Cause.MAX_TASKS,
            Cause.LAUNCH,
        ]
        assert texts(found)[3:7] == [
            "Raised from 1 to 9 by p2.",
            "Cut from 9 to 4 by p3.",
            "Raised from 4 to 6 by min_tasks.",
            "Cut from 6 to 5 by max_tasks.",
        ]

    def test_the_largest_at_least_and_the_smallest_at_most_count(self):
        assert decided(saying(want=0), saying(at_least=2), saying(at_least=4)).target == 4
        assert decided(saying(want=9), saying(at_most=6), saying(at_most=3)).target == 3

    def test_bounds_that_change_nothing_leave_no_reason(self):
        found = decided(saying(want=3, at_least=3, at_most=3), min_tasks=3, max_tasks=3)
        assert causes(found) == [Cause.WANT, Cause.LAUNCH]

    def test_one_queues_bounds_leave_the_other_queues_alone(self):
        a = queue(saying(want=5, at_most=1), name="a")
        b = queue(saying(want=4), name="b")
        seen = observation(reading(queue="a"), reading(queue="b"))
        assert decide(seen, rules(a, b), {}).target == 4

    def test_nothing_lifts_max_tasks(self):
        found = decided(saying(want=0, at_least=50), min_tasks=40, max_tasks=2)
        assert found.target == 2


class TestUnknown:
    def test_an_unknown_fleet_holds_and_asks_nobody(self):
        seen = observation(reading(visible=9))
        found = decide(replace(seen, fleet=None), rules(queue(Raises(ValueError()))), {})
        assert (found.target, found.live, found.missing) == (None, None, 0)
        assert causes(found) == [Cause.FLEET_UNKNOWN]
        assert texts(found) == ["The fleet is unknown, so nothing is launched."]

    def test_nobody_able_to_advise_holds(self):
        found = decided(WANTS_3, seen=observation(blind(), live=2), min_tasks=5)
        assert (found.target, found.live, found.missing) == (None, 2, 0)
        assert causes(found) == [Cause.ABSTAINED, Cause.QUEUE_UNKNOWN, Cause.NOBODY_ADVISED]
        assert texts(found)[1:] == [
            "What queue q wants is unknown.",
            "No policy was able to advise, so nothing is launched.",
        ]

    def test_a_hold_still_tells_when_to_look_again(self):
        found = decided(saying(look_again_at=NOW + 5), WANTS_3, seen=observation(blind()))
        assert (found.target, found.look_again_at) == (None, NOW + 5)

    def test_a_policy_that_fails_leaves_the_others_in_charge(self):
        found = decided(Raises(ZeroDivisionError("x")), saying(want=2))
        assert found.target == 2
        assert causes(found)[0] is Cause.POLICY_FAILED

    def test_one_unknown_queue_leaves_the_others_in_charge(self):
        a, b = queue(WANTS_3, name="a"), queue(saying(want=1), name="b")
        seen = observation(blind("a"), reading(queue="b"))
        assert decide(seen, rules(a, b), {}).target == 1

    def test_a_fallback_applies_after_so_many_blind_ticks_and_not_before(self):
        fallback = Fallback(want=2, after_ticks=5)
        early = observation(blind(), blind_ticks={"q": 4})
        late = observation(blind(), blind_ticks={"q": 5})
        assert decided(WANTS_3, seen=early, when_unknown=fallback).target is None
        found = decided(WANTS_3, seen=late, when_unknown=fallback)
        assert found.target == 2
        assert causes(found) == [Cause.ABSTAINED, Cause.FALLBACK, Cause.LAUNCH]
        assert texts(found)[1] == "The counts of q are unknown for 5 ticks; 2 is wanted instead."

    def test_a_fallback_is_bounded_like_any_want(self):
        late = observation(blind(), blind_ticks={"q": 9})
        found = decided(
            WANTS_3, saying(at_most=1), seen=late, when_unknown=Fallback(want=5, after_ticks=1)
        )
        assert found.target == 1


class TestNotForgotten:
    WAITING = observation(reading(visible=1))

    def test_a_message_with_no_live_task_gets_one_whatever_is_wanted(self):
        found = decided(saying(want=0), seen=self.WAITING)
        assert found.target == 1
        assert causes(found) == [Cause.WANT, Cause.NOT_FORGOTTEN, Cause.LAUNCH]
        assert texts(found)[1] == "A message waits in q, so one task is wanted."

    def test_a_live_task_is_enough(self):
        assert decided(saying(want=0), seen=observation(reading(visible=1), live=1)).target == 0

    def test_messages_that_are_only_in_flight_wait_for_nobody(self):
        assert decided(saying(want=0), seen=observation(reading(in_flight=1))).target == 0

    def test_a_policy_may_hold_messages_back_and_the_decision_says_until_when(self):
        found = decided(saying(want=0, look_again_at=NOW + 30), seen=self.WAITING)
        assert found.target == 0
        assert causes(found) == [Cause.WANT, Cause.WAITS, Cause.ENOUGH]
        assert texts(found)[1] == (
            f"A message in q waits until second {NOW + 30:.0f} because of p1."
        )
        assert found.look_again_at == NOW + 30

    def test_a_ceiling_of_zero_holds_messages_back_until_the_next_tick(self):
        found = decided(saying(want=3), saying(at_most=0), seen=self.WAITING)
        assert found.target == 0
        assert texts(found)[3] == (
            f"A message in q waits until second {NOW + PERIOD:.0f} because of p2."
        )

    def test_a_time_that_has_passed_holds_nothing_back(self):
        found = decided(saying(want=0, look_again_at=NOW - 1), seen=self.WAITING)
        assert found.target == 1

    def test_one_queues_policies_do_not_hold_back_another_queues_messages(self):
        shut = queue(saying(want=0, at_most=0), name="a")
        idle = queue(saying(want=0), name="b")
        seen = observation(reading(visible=1, queue="a"), reading(visible=1, queue="b"))
        found = decide(seen, rules(shut, idle), {})
        assert found.target == 1
        assert "A message waits in b, so one task is wanted." in texts(found)

    def test_a_hard_limit_of_zero_holds_messages_back_and_is_named(self):
        found = decided(saying(want=0), seen=self.WAITING, max_tasks=0)
        assert found.target == 0
        assert causes(found)[-2:] == [Cause.MAX_TASKS, Cause.ENOUGH]


BREAKER = Restraint(Cause.BREAKER, "Three tasks died.", until=NOW + 60)
PROBE = Restraint(Cause.BREAKER, "Three tasks died.", new_tasks=1)
PAUSED = Restraint(Cause.PAUSED, "Queue q is paused.", queue="q")


class TestRestraints:
    def held(self, *restraints, want=5, live=0, visible=1, **limits):
        seen = observation(reading(visible), live=live, restraints=restraints)
        return decided(saying(want=want), seen=seen, **limits)

    def test_a_restrained_fleet_launches_nothing_and_keeps_what_lives(self):
        found = self.held(BREAKER, live=2)
        assert (found.target, found.missing) == (2, 0)
        assert causes(found) == [Cause.WANT, Cause.BREAKER, Cause.ENOUGH]

    def test_it_is_let_as_many_new_tasks_as_the_restraint_says(self):
        assert self.held(PROBE).missing == 1

    def test_a_floor_does_not_lift_it(self):
        assert self.held(BREAKER, min_tasks=4).missing == 0

    def test_a_restraint_that_cuts_nothing_is_no_reason(self):
        assert causes(self.held(BREAKER, PAUSED, want=0, live=1)) == [Cause.WANT, Cause.ENOUGH]

    def test_a_waiting_message_waits_until_it_is_over(self):
        found = self.held(BREAKER)
        assert causes(found) == [Cause.WANT, Cause.BREAKER, Cause.WAITS, Cause.ENOUGH]
        assert texts(found)[2] == (
            f"A message in q waits until second {NOW + 60:.0f} because of breaker."
        )

    def test_where_its_end_is_unknown_the_message_waits_until_the_next_tick(self):
        assert f"until second {NOW + PERIOD:.0f} because of paused" in texts(self.held(PAUSED))[2]

    def test_a_probe_is_never_forgotten_either(self):
        """What lets a task through does not keep a message waiting."""
        found = self.held(PROBE, want=0)
        assert (found.target, causes(found)[1]) == (1, Cause.NOT_FORGOTTEN)

    @pytest.mark.parametrize("combine", [Combine.MAX, Combine.SUM])
    @pytest.mark.parametrize(("live", "missing"), [(0, 3), (2, 1), (3, 0), (9, 0)])
    def test_a_paused_queue_adds_nothing_to_what_the_others_want(self, combine, live, missing):
        paused, other = queue(saying(want=5), name="q"), queue(saying(want=3), name="r")
        seen = observation(reading(queue="q"), reading(queue="r"), live=live, restraints=(PAUSED,))
        found = decide(seen, rules(paused, other, combine=combine), {})
        assert found.missing == missing
        assert Cause.PAUSED in causes(found)


class TestFloorWithoutAWant:
    def test_a_floor_alone_raises_what_lives_and_keeps_what_is_above(self):
        """A policy that only sets a floor wants nothing of its own."""
        assert decided(saying(at_least=3), seen=observation(live=1)).target == 3
        assert decided(saying(at_least=3), seen=observation(live=5)).target == 5

    def test_a_ceiling_alone_is_no_want(self):
        assert decided(saying(at_most=3)).target is None

    def test_the_fallback_of_an_unknown_queue_comes_before_it(self):
        late = observation(blind(), live=1, blind_ticks={"q": 1})
        found = decided(
            saying(at_least=2), WANTS_3, seen=late, when_unknown=Fallback(want=4, after_ticks=1)
        )
        assert found.target == 4


class TestWhatElseIsDecided:
    def test_the_smallest_spot_share_and_the_latest_stay_count(self):
        found = decided(
            saying(want=1, spot_share=0.8, stay_until=NOW + 1),
            saying(spot_share=0.2, stay_until=NOW + 9),
            saying(),
        )
        assert (found.spot_share, found.stay_until) == (0.2, NOW + 9)

    def test_nobodys_opinion_is_none(self):
        found = decided(saying(want=1))
        assert (found.spot_share, found.stay_until, found.look_again_at) == (None, None, None)

    def test_the_earliest_time_to_come_is_when_to_look_again(self):
        found = decided(
            saying(want=1, look_again_at=NOW - 5),
            saying(look_again_at=NOW + 20),
            saying(look_again_at=NOW + 10),
        )
        assert found.look_again_at == NOW + 10

    @pytest.mark.parametrize(
        ("advice", "live", "stays"),
        [
            ([saying(want=1, stay_until=NOW)], 0, None),
            ([saying(want=9, at_least=4, stay_until=NOW), saying(at_least=7)], 1, 3),
            ([saying(want=9, at_least=2, stay_until=NOW)], 3, 0),
            ([saying(want=9, at_least=2, stay_until=NOW), saying(stay_until=NOW)], 0, None),
            ([saying(want=9)], 0, 0),
        ],
    )
    def test_of_a_floors_tasks_those_that_lack_stay(self, advice, live, stays):
        assert decided(*advice, seen=observation(live=live)).stays == stays


class TestNewTasks:
    def test_a_pause_lets_no_new_task_start_for_its_queue_and_the_message_waits(self):
        found = decided(
            saying(want=5), saying(pause=True, look_again_at=NOW + 60), seen=observation(reading(1))
        )
        assert found.target == 0
        assert Cause.WAITS in causes(found)
        assert f"until second {NOW + 60:.0f} because of p2, new_tasks." in texts(found)[-2]

    def test_a_pause_leaves_what_runs(self):
        assert decided(saying(want=1), saying(pause=True), seen=observation(live=3)).target == 1
        assert decided(saying(want=9), saying(pause=True), seen=observation(live=3)).target == 3

    @pytest.mark.parametrize("combine", [Combine.MAX, Combine.SUM])
    def test_a_paused_queue_leaves_the_others_alone(self, combine):
        paused = queue(saying(want=5), saying(pause=True), name="q")
        other = queue(saying(want=2), name="r")
        seen = observation(reading(queue="q"), reading(queue="r"))
        assert decide(seen, rules(paused, other, combine=combine), {}).missing == 2

    @pytest.mark.parametrize("combine", [Combine.MAX, Combine.SUM])
    @pytest.mark.parametrize("most", [0, 1, 3])
    def test_new_tasks_of_the_fleet_are_bounded_whichever_queue_wants_them(self, combine, most):
        bounded = queue(saying(want=4), saying(new_tasks=most), name="q")
        seen = observation(reading(queue="q"), reading(1, queue="r"), live=2)
        both = rules(bounded, queue(saying(want=8), name="r"), combine=combine, min_tasks=7)
        found = decide(seen, both, {})
        assert found.missing == most
        assert f"p2 lets {most} new tasks through." in texts(found)

    def test_a_message_of_another_queue_waits_too(self):
        bounded = queue(saying(want=0), saying(new_tasks=0, look_again_at=NOW + 9), name="q")
        seen = observation(reading(queue="q"), reading(1, queue="r"))
        found = decide(seen, rules(bounded, queue(saying(want=8), name="r")), {})
        assert found.target == 0
        assert f"A message in r waits until second {NOW + 9:.0f} because of new_tasks." in texts(
            found
        )
