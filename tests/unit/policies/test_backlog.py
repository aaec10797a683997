"""backlog: so many messages for each task, given or from how long a message may wait."""

from __future__ import annotations

import pytest
from support.configurations import changed, load_text, told
from support.values import blind, observation, queue, reading, rules

from autoscaler.core.decide import decide
from autoscaler.core.learned import Learned, Mean, QueueLearned
from autoscaler.core.model import Cause
from policies.backlog import Backlog


def want(policy, *counts, live=0, **rest):
    return policy.advise(observation(reading(*counts), live=live, **rest)).want


def learned(work):
    return Learned(queues={"q": QueueLearned(work=work)})


class TestGivenShare:
    @pytest.mark.parametrize(
        ("visible", "tasks"), [(0, 0), (1, 1), (50, 1), (100, 1), (101, 2), (500, 5), (501, 6)]
    )
    def test_target_100(self, visible, tasks):
        assert want(Backlog(messages_per_task=100), visible) == tasks

    def test_aws_example_of_1500_messages_at_100_for_an_instance(self):
        """150 an instance with 10 of them is 50 too many: 5 more."""
        assert want(Backlog(messages_per_task=100), 1500, live=10) == 15

    def test_messages_in_flight_count_unless_only_visible_ones_are_to(self):
        assert want(Backlog(messages_per_task=100), 300, 200) == 5
        assert want(Backlog(messages_per_task=100, count=("visible",)), 300, 200) == 3


class TestAcceptableWait:
    def test_aws_example_of_10_s_at_100_ms_a_message(self):
        policy = Backlog(acceptable_wait=10, work=0.1)
        assert want(policy, 1500) == 15
        assert "100 a task" in policy.advise(observation(reading(1500))).why

    def test_the_ecs_blueprints_example_of_a_minute_at_5_s(self):
        assert want(Backlog(acceptable_wait=60, work=5), 120) == 10

    def test_a_task_with_several_slots_takes_that_many_times_more(self):
        assert want(Backlog(acceptable_wait=60, work=5, slots=4), 480) == 10

    def test_binary_fractions_cost_no_task(self):
        assert want(Backlog(acceptable_wait=0.3, work=0.1), 300) == 100

    @pytest.mark.parametrize(("slots", "tasks"), [(1, 7), (2, 4)])
    def test_work_longer_than_the_wait_wants_a_slot_a_message_and_not_more(self, slots, tasks):
        assert want(Backlog(acceptable_wait=60, work=600, slots=slots), 7) == tasks

    def test_however_much_one_task_can_do_a_message_wants_one(self):
        assert want(Backlog(acceptable_wait=1e12, work=0.001), 1) == 1

    def test_learned_work_errs_high_while_few_messages_were_seen(self):
        policy = Backlog(acceptable_wait=60)
        assert want(policy, 120, learned=learned(Mean(5e12, 1e12))) == 10
        assert want(policy, 120, learned=learned(Mean(25.0, 5.0))) == 15

    def test_given_work_comes_before_learned(self):
        policy = Backlog(acceptable_wait=60, work=5)
        assert want(policy, 120, learned=learned(Mean(500.0, 5.0))) == 10

    @pytest.mark.parametrize("work", [Mean(), Mean(0.0, 9.0)], ids=["none", "never in hand"])
    def test_while_the_work_is_unknown_one_task_tells_it_and_then_it_abstains(self, work):
        unknown = "The work per message is not known yet; give it as work: 2s."
        policy, seen = Backlog(acceptable_wait=60), {"learned": learned(work)}
        first = policy.advise(observation(reading(120), **seen))
        assert (first.want, first.why) == (1, f"{unknown} One task tells.")
        for shown in (observation(reading(120), live=1, **seen), observation(reading(0), **seen)):
            assert policy.advise(shown).abstained
            assert policy.advise(shown).why == unknown


class TestTolerance:
    POLICY = Backlog(messages_per_task=100, tolerance=0.1)

    @pytest.mark.parametrize(
        ("visible", "tasks"), [(899, 9), (900, 10), (1000, 10), (1100, 10), (1101, 12)]
    )
    def test_what_lives_is_left_alone_while_its_share_is_near_enough(self, visible, tasks):
        assert want(self.POLICY, visible, live=10) == tasks

    def test_the_first_task_is_never_within_it(self):
        assert want(self.POLICY, 5) == 1

    def test_its_reason_says_so(self):
        advice = self.POLICY.advise(observation(reading(1010), live=10))
        assert advice.why == (
            "1010 messages (visible + in flight), 100 a task: about right for the 10 live."
        )


def test_it_abstains_while_the_counts_are_unknown():
    found = decide(observation(blind()), rules(queue(Backlog(messages_per_task=1))), {})
    assert found.reasons[0].cause is Cause.ABSTAINED


def test_its_reason_can_be_checked_by_hand():
    assert Backlog(messages_per_task=100).advise(observation(reading(450, 50))).why == (
        "500 messages (visible + in flight), 100 a task: 5 wanted."
    )


class TestConfiguration:
    def policy(self, options):
        return changed("- type: depth\n        messages_per_task: 10", f"- {{{options}}}")

    def test_durations_as_people_write_them(self, tmp_path):
        text = self.policy("type: backlog, acceptable_wait: 5m, work: 2s, slots: 4")
        assert load_text(tmp_path, text).queues["thumbnails"].policies == {
            "backlog": Backlog(acceptable_wait=300.0, work=2.0, slots=4)
        }

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            ("", "backlog takes messages_per_task or acceptable_wait, and one of them only"),
            (
                "messages_per_task: 9, acceptable_wait: 1m",
                "backlog takes messages_per_task or acceptable_wait, and one of them only",
            ),
            ("messages_per_task: 9, work: 2s", "work belongs to acceptable_wait, and"),
            ("messages_per_task: 9, slots: 2", "slots belongs to acceptable_wait, and"),
            ("acceptable_wait: 1m, work: 0", "work is 0; write the seconds"),
        ],
    )
    def test_options_that_make_no_sense_together_are_told(self, tmp_path, options, problem):
        (line,) = told(tmp_path, self.policy(f"type: backlog, {options}"))
        assert line.startswith(f"one.yaml:15: queues.thumbnails.policies[0]: {problem}")
