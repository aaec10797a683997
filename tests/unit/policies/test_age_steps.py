"""age_steps: more tasks in steps, by how long the oldest message has waited."""

from __future__ import annotations

import json

import pytest
from support.configurations import changed, load_text, told
from support.values import NOW, blind, observation, queue, reading, rules, saying

from autoscaler.core.decide import decide
from autoscaler.core.model import Minute
from policies.age_steps import AgeSteps, Step

STEPS = (Step(from_=300.0, add=1), Step(from_=600.0, add=2))
POLICY = AgeSteps(STEPS)
ONE_IS_ENOUGH = AgeSteps(STEPS, breaches=1)


def minutes(*ages, newest=NOW):
    """A datapoint a minute, the last given the newest; None: there is none."""
    first = newest - 60.0 * (len(ages) - 1)
    return tuple(Minute(first + 60.0 * n, sent=1.0, oldest_age=age) for n, age in enumerate(ages))


def advice(*ages, policy=POLICY, live=3, notes=None, now=NOW, newest=NOW, visible=9):
    shown = reading(visible, minutes=minutes(*ages, newest=newest))
    return policy.advise(observation(shown, live=live, now=now, notes=notes))


class TestSteps:
    @pytest.mark.parametrize(
        ("age", "want"),
        [(0, None), (299, None), (300, 4), (599, 4), (600, 5), (90_000, 5)],
    )
    def test_below_300_s_none_from_300_one_from_600_two(self, age, want):
        assert advice(age, age).want == want

    @pytest.mark.parametrize(("age", "want"), [(399, 4), (400, None)])
    def test_a_step_may_end_and_its_end_is_no_part_of_it(self, age, want):
        policy = AgeSteps((Step(from_=300.0, to=400.0, add=1),))
        assert advice(age, age, policy=policy).want == want

    @pytest.mark.parametrize(
        ("live", "percent", "want"),
        [
            (10, 25, 12),
            (10, 29, 12),
            (10, 30, 13),
            (3, 10, 4),
            (1, 1, 2),
            (9, 100, 18),
            (2, 150, 5),
            (0, 50, None),
            (100, 7, 107),
        ],
    )
    def test_a_percentage_is_rounded_down_but_is_one_at_the_least(self, live, percent, want):
        """StepAdjustment of AWS: above 1 it rounds down, from 0 to 1 it is 1, of 0 it is 0."""
        policy = AgeSteps((Step(from_=300.0, add_percent=percent),))
        assert advice(300, 300, policy=policy, live=live).want == want


class TestBreaches:
    def test_so_many_datapoints_must_be_in_a_row(self):
        assert advice(300).want is None
        assert advice(299, 300).want is None
        assert advice(300, 299).want is None
        assert advice(300, 300).want == 4

    def test_a_step_counts_once_all_of_them_are_in_it_or_above(self):
        assert advice(600, 599).want == 4
        assert advice(599, 600).want == 4

    def test_two_looks_at_one_datapoint_are_one_breach(self):
        first = advice(300)
        assert advice(300, now=NOW + 30, notes=first.notes).want is None

    def test_a_missing_datapoint_begins_the_row_anew(self):
        assert advice(300, None, 300).want is None
        assert advice(300, None, 300, 300).want == 4

    def test_a_minute_that_cloudwatch_left_out_is_as_missing(self):
        shown = reading(9, minutes=(*minutes(300, newest=NOW - 120), *minutes(300)))
        assert POLICY.advise(observation(shown, live=3)).want is None

    def test_the_newest_minutes_may_be_late_with_their_age(self):
        assert advice(300, 300, None, None).want == 4

    @pytest.mark.parametrize(("late", "abstained"), [(300, False), (301, True)])
    def test_an_age_of_more_than_five_minutes_ago_is_unknown(self, late, abstained):
        assert advice(300, 300, newest=NOW - late).abstained is abstained


class TestRepeating:
    """What a breach that goes on adds, and what it does not."""

    FIRED = advice(300, 300, policy=ONE_IS_ENOUGH)

    def later(self, seconds, *ages, policy=ONE_IS_ENOUGH, live=4, notes=None, **rest):
        given = self.FIRED.notes if notes is None else notes
        rest = {"newest": NOW + seconds // 60 * 60} | rest
        return advice(*ages, policy=policy, live=live, now=NOW + seconds, notes=given, **rest)

    def test_an_addition_is_kept_in_notes_that_json_can_hold(self):
        assert self.FIRED.want == 4
        assert json.loads(json.dumps(self.FIRED.notes)) == self.FIRED.notes

    def test_the_same_datapoint_adds_once_whatever_the_cooldown(self):
        policy = AgeSteps(STEPS, breaches=1, cooldown=0)
        assert self.later(30, 300, policy=policy).want is None
        assert self.later(60, 300, policy=policy).want == 5

    def test_while_the_cooldown_runs_the_total_stays_wanted_and_no_more(self):
        assert self.later(60, 400).want == 4
        assert self.later(299, 400).want == 4

    def test_so_an_addition_that_was_not_made_is_made_good(self):
        assert self.later(60, 400, live=3).want == 4

    def test_after_the_cooldown_a_breach_that_goes_on_adds_again(self):
        assert self.later(300, 400).want == 5

    def test_a_larger_step_adds_only_what_it_has_more(self):
        larger = self.later(60, 600)
        assert larger.want == 5
        assert self.later(120, 700, notes=larger.notes, live=5).want == 5

    def test_its_cooldown_begins_anew(self):
        larger = self.later(60, 600)
        assert self.later(300, 700, notes=larger.notes, live=5).want == 5
        assert self.later(360, 700, notes=larger.notes, live=5).want == 7

    def test_a_larger_step_on_the_same_datapoint_waits_for_the_next(self):
        assert self.later(30, 600).want == 4

    def test_a_percentage_does_not_grow_by_its_own_addition(self):
        policy = AgeSteps((Step(from_=300.0, add_percent=50),), breaches=1)
        first = advice(300, policy=policy, live=4)
        assert first.want == 6
        assert self.later(60, 300, policy=policy, live=6, notes=first.notes).want == 6

    def test_once_the_breach_is_over_the_total_is_wanted_no_longer(self):
        over = self.later(60, 100)
        assert over.want is None
        again = self.later(120, 300, live=1, notes=over.notes)
        assert again.want is None
        assert "none more for now" in again.why

    def test_but_the_cooldown_runs_on_and_a_larger_step_adds_to_what_lives(self):
        over = self.later(60, 100)
        assert self.later(120, 600, live=1, notes=over.notes).want == 2

    def test_notes_of_another_version_are_as_none(self):
        assert advice(300, 300, notes={"since": 5}).want == 4
        assert advice(300, 300, notes={}).want == 4


class TestUnknown:
    @pytest.mark.trap("T3")
    def test_without_an_age_it_abstains_and_tells_what_the_metric_leaves_out(self):
        found = advice()
        assert found.abstained
        assert found.why == (
            "CloudWatch has no age of the last 5 minutes, though messages are there. "
            "A standard queue's age leaves out messages received three times or more."
        )

    def test_an_unknown_queue_is_not_an_empty_one(self):
        assert POLICY.advise(observation(blind())).abstained

    @pytest.mark.trap("T3")
    def test_an_empty_queue_has_no_age_and_that_is_known(self):
        found = advice(visible=0)
        assert (found.abstained, found.want) == (False, None)
        assert found.why == "The queue is empty: there is no age, and nothing to add for."

    def test_what_was_left_in_the_metric_adds_nothing_to_an_empty_queue(self):
        assert advice(900, 900, visible=0).want is None

    def test_it_needs_no_counts(self):
        assert advice(300, 300, visible=None).want == 4


class TestDecisions:
    def decided(self, *policies, ages=(300, 300), live=3):
        seen = observation(reading(9, minutes=minutes(*ages)), live=live)
        return decide(seen, rules(queue(*policies)), {})

    def test_below_its_steps_it_leaves_what_others_want_alone(self):
        assert self.decided(POLICY, saying(want=1), ages=(9, 9)).target == 1

    def test_below_its_steps_and_alone_it_is_content_with_what_lives(self):
        assert self.decided(POLICY, ages=(9, 9)).target == 3

    def test_in_a_step_it_raises_what_others_want(self):
        assert self.decided(POLICY, saying(want=1)).target == 4


class TestReasons:
    def test_they_can_be_checked_by_hand(self):
        assert advice(300, 360).why == (
            "The oldest message waited 5 min or more for 2 min: 1 more than 3, 4 wanted."
        )
        assert advice(120, 100).why == (
            "The oldest message waited 1 min 40 s or more for 2 min: no step. "
            "A standard queue's age leaves out messages received three times or more."
        )
        assert advice(120).why == "1 of 2 datapoints in a row so far."

    def test_of_a_total_that_stays(self):
        first = advice(300, 300)
        assert advice(300, 300, notes=first.notes).why == (
            "The oldest message waited 5 min or more for 2 min: none more for now, 4 stay wanted."
        )


class TestConfiguration:
    def policy(self, options):
        return changed("- type: depth\n        messages_per_task: 10", f"- {{{options}}}")

    def test_it_is_written_as_the_design_has_it(self, tmp_path):
        text = self.policy(
            "type: age_steps, breaches: 2, steps: [{from: 5m, add: 1}, {from: 10m, add: 2}]"
        )
        assert load_text(tmp_path, text).queues["thumbnails"].policies == {"age_steps": POLICY}

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            ("steps: []", ": there is no step; write steps: [{from: 5m, add: 1}]"),
            ("breaches: 2", ".steps: this key is required, and missing"),
            (
                "steps: [{from: 5m, to: 6m, add: 1}, {from: 10m, add: 2}]",
                ": a step to 6 min and the next from 10 min leave a gap; let one end where",
            ),
            (
                "steps: [{from: 5m, to: 11m, add: 1}, {from: 10m, add: 2}]",
                ": a step to 11 min and the next from 10 min overlap; let one end where",
            ),
            (
                "steps: [{from: 10m, add: 1}, {from: 5m, add: 2}]",
                ": the step from 5 min comes after the one from 10 min; sort them",
            ),
            (
                "steps: [{from: 5m, add: 1}, {from: 5m, add: 2}]",
                ": the step from 5 min comes after the one from 5 min; sort them",
            ),
            (
                "steps: [{from: 5m, add: 1}, {from: 10m, add_percent: 20}]",
                ": some steps have add and others add_percent; write all in one way",
            ),
            (
                "steps: [{from: 5m, add: 2}, {from: 10m, add: 1}]",
                ": the step from 10 min adds less than the one before; let it add more",
            ),
            (
                "steps: [{from: 5m, add_percent: 20}, {from: 10m, add_percent: 10}]",
                ": the step from 10 min adds less than the one before; let it add more",
            ),
            ("steps: [{from: 5m, add: -1}]", ".steps[0].add: -1 is too small; it must be at least"),
            ("steps: [{from: 5m, add: 0}]", ".steps[0].add: 0 is too small; it must be at least 1"),
            ("steps: [{from: 5m}]", ".steps[0]: a step takes add or add_percent, and one of them"),
            (
                "steps: [{from: 5m, add: 1, add_percent: 10}]",
                ".steps[0]: a step takes add or add_percent, and one of them only",
            ),
            (
                "steps: [{from: 5m, to: 5m, add: 1}]",
                ".steps[0]: a step ends above where it begins; raise its to or lower its from",
            ),
            ("breaches: 8, steps: [{from: 5m, add: 1}]", ".breaches: 8 is too large; it must be"),
        ],
    )
    def test_steps_that_make_no_sense_are_told(self, tmp_path, options, problem):
        (line,) = told(tmp_path, self.policy(f"type: age_steps, {options}"))
        assert line.startswith(f"one.yaml:15: queues.thumbnails.policies[0]{problem}")
