"""drain_rate: slots for what arrives, by Little's law, and more to work off what has piled up."""

from __future__ import annotations

import pytest
from support.configurations import changed, load_text, told
from support.values import blind, observation, queue, reading, rules

from autoscaler.core.decide import decide
from autoscaler.core.learned import Learned, Mean, QueueLearned
from autoscaler.core.model import Cause
from policies.drain_rate import DrainRate

SURE = 1e12


def drain(**options):
    return DrainRate(**{"drain_within": 600, "work": 2, "arrivals": 5} | options)


def advice(policy, *counts, work=Mean(), arrivals=Mean()):  # noqa: B008 - frozen
    learned = Learned(queues={"q": QueueLearned(work, arrivals)})
    return policy.advise(observation(reading(*counts), learned=learned))


@pytest.mark.parametrize(
    ("visible", "in_flight", "want"),
    [(0, 1, 11), (0, 10, 11), (300, 0, 11), (301, 0, 12), (3000, 0, 20), (2000, 1000, 20)],
)
def test_five_arrivals_a_second_of_2_s_keep_10_slots_busy_and_the_backlog_takes_more(
    visible, in_flight, want
):
    assert advice(drain(), visible, in_flight).want == want


def test_a_queue_without_a_backlog_needs_what_arrivals_keep_busy():
    assert advice(drain(count=("delayed",)), 7).want == 10


def test_several_slots_a_task_need_that_many_times_fewer_tasks():
    assert advice(drain(slots=4), 3000).want == 5


def test_no_message_takes_a_second_slot_however_short_the_time():
    assert advice(drain(arrivals=0, work=60, drain_within=1), 7).want == 7


def test_an_empty_queue_wants_none_whatever_arrived_before():
    found = advice(drain())
    assert (found.want, found.why) == (
        0,
        "The queue is empty, so nothing arrives and nothing waits.",
    )


def test_learned_work_and_arrivals_err_high_while_few_were_seen():
    blank = drain(work=None, arrivals=None, count=("delayed",))
    sure = {"work": Mean(2 * SURE, SURE), "arrivals": Mean(5 * SURE, SURE)}
    assert advice(blank, 1, **sure).want == 10
    assert advice(blank, 1, **sure | {"work": Mean(10.0, 5.0)}).want == 15
    assert advice(blank, 1, **sure | {"arrivals": Mean(25.0, 5.0)}).want == 15


def test_no_arrivals_are_known_arrivals():
    assert advice(drain(arrivals=None), 300, arrivals=Mean(0.0, 9.0)).want == 1


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"work": None}, "The work per message is not known yet; give it as work: 2s."),
        ({"arrivals": None}, "The arrivals are not known yet; give them as arrivals: 0.5."),
    ],
)
def test_while_either_is_unknown_one_task_tells_it_and_then_it_abstains(options, why):
    first = advice(drain(**options), 9)
    assert (first.want, first.why) == (1, f"{why} One task tells.")
    found = drain(**options).advise(observation(reading(9), live=1))
    assert (found.abstained, found.why) == (True, why)


def test_it_abstains_while_the_counts_are_unknown():
    found = decide(observation(blind()), rules(queue(drain())), {})
    assert found.reasons[0].cause is Cause.ABSTAINED


def test_its_reason_can_be_checked_by_hand():
    assert advice(drain(slots=2), 2900, 100).why == (
        "5 messages/s of 2 s keep 10 slots busy; 3000 messages (visible + in flight) "
        "within 10 min take 10; 2 a task: 10 wanted."
    )


class TestConfiguration:
    def policy(self, options):
        return changed("- type: depth\n        messages_per_task: 10", f"- {{{options}}}")

    def test_durations_as_people_write_them(self, tmp_path):
        text = self.policy("type: drain_rate, drain_within: 10m, work: 2s, arrivals: 5")
        found = load_text(tmp_path, text).queues["thumbnails"].policies
        assert found == {"drain_rate": drain()}

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            ("drain_within: 0", ": drain_within is 0, and nothing is done in no time; write 10m"),
            ("drain_within: 10m, work: 0", ": work is 0; write the seconds"),
            ("work: 2s", ".drain_within: this key is required, and missing"),
            ("drain_within: 10m, arrivals: -1", ".arrivals: -1 is too small"),
        ],
    )
    def test_options_that_nothing_can_keep_to_are_told(self, tmp_path, options, problem):
        (line,) = told(tmp_path, self.policy(f"type: drain_rate, {options}"))
        assert line.startswith(f"one.yaml:15: queues.thumbnails.policies[0]{problem}")
