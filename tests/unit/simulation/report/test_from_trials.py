"""From a comparison's trials to a page: one run of each subject is told whole."""

from __future__ import annotations

import numpy as np
import pytest

from autoscaler.core.rules import FleetRules, Limits, QueueRules, Rulebook
from autoscaler.simulation.compare.subjects import Configuration, Rival
from autoscaler.simulation.compare.trials import Conditions, attempt, trials
from autoscaler.simulation.report.from_trials import report_of_trials
from autoscaler.simulation.report.model import Report
from autoscaler.simulation.trace import Trace
from policies.depth import Depth

ARRIVALS = np.arange(0.0, 7_200.0, 45.0)
TRACE = Trace("steady", ARRIVALS, np.full(len(ARRIVALS), 20.0), 7_200.0)
QUEUE = QueueRules("q", {"depth": Depth(2)})
RULES = Rulebook("i", 120.0, (FleetRules("f", (QUEUE,), Limits(max_tasks=10)),))


@pytest.fixture(scope="module")
def made() -> Report:
    subjects = [Configuration("ours", RULES), Rival("static")]
    ran = trials(subjects, [TRACE], Conditions(promise=300.0), 3, [0])
    return report_of_trials("Steady", TRACE, [(trial, attempt(trial, TRACE)) for trial in ran])


def test_each_subject_is_told_once_with_the_scores_of_its_other_trials(made: Report) -> None:
    assert [each.name for each in made.subjects] == ["ours", "static"]
    assert [len(each.others) for each in made.subjects] == [2, 2]


def test_the_run_in_the_middle_is_the_one_that_is_told(made: Report) -> None:
    for subject in made.subjects:
        bills = sorted(each.bill_task_seconds for each in (subject.scores, *subject.others))
        assert subject.scores.bill_task_seconds == bills[1]


def test_our_decisions_have_their_reasons_and_a_peers_have_none(made: Report) -> None:
    ours, peer = made.subjects
    assert ours.ours
    assert any("2 a task: 1 wanted" in reason for each in ours.decisions for reason in each.reasons)
    assert not peer.ours
    assert all(each.reasons[0].endswith("it tells no reason.") for each in peer.decisions)


def test_the_run_told_is_the_run_scored(made: Report) -> None:
    for subject in made.subjects:
        assert sum(each.launched for each in subject.decisions) == subject.scores.launches
        assert subject.waits.counts.sum() == subject.scores.messages


def test_perfect_is_cheaper_the_longer_one_may_wait_up_to_the_longest_wait(made: Report) -> None:
    bounds = [each.bound_task_seconds for each in made.curves]
    assert bounds == sorted(bounds, reverse=True)
    assert all(
        each.bound_task_seconds <= each.clairvoyant_task_seconds * 1.000001 for each in made.curves
    )
    assert made.curves[-1].promise_seconds >= made.promise_seconds


def test_the_configuration_is_told(made: Report) -> None:
    assert "messages_per_task: 2" in made.subjects[0].configuration
    assert "# So many tasks, always." in made.subjects[1].configuration


def test_without_a_trial_there_is_nothing_to_tell() -> None:
    with pytest.raises(ValueError, match="at least one trial"):
        report_of_trials("Nothing", TRACE, [])
