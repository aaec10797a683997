"""What is counted of dispatch: by the table of its metrics, and nothing twice."""

from __future__ import annotations

import pytest
from support.dispatch import NO_SPOT, incoming

from autoscaler.core.actions import Failure, FailureKind, Outcome
from autoscaler.core.tasks import Provider
from autoscaler.dispatch.dispatching import End, Fate
from autoscaler.telemetry.dispatches import Tally
from autoscaler.telemetry.emf import Figure
from autoscaler.telemetry.table import dispatch

A, B = incoming("a"), incoming("b")
LATE = Outcome(failures=(Failure("no launch now", "", FailureKind.LATE),))
FAILURES = "autoscaler_launch_failures_total"


@pytest.fixture
def tally() -> Tally:
    return Tally("jobs", "carriers")


def test_a_group_counts_once_and_each_of_its_messages(tally: Tally) -> None:
    tally.ended([Fate((A, B), End.LAUNCHED), Fate((incoming("c"),), End.LAUNCHED)])

    labels = (("queue", "jobs"), ("outcome", "launched"))
    assert tally.take() == [
        Figure("autoscaler_dispatch_groups_total", 2, labels),
        Figure("autoscaler_dispatch_messages_total", 3, labels),
    ]


@pytest.mark.parametrize(
    ("outcome", "failed"), [(NO_SPOT, 1), (Outcome(unsure="time-out"), 1), (LATE, 0)]
)
def test_a_lost_answer_counts_as_a_failure_and_having_to_wait_does_not(
    tally: Tally, outcome: Outcome, failed: int
) -> None:
    tally.asked(Provider.FARGATE_SPOT, outcome)

    labels = (("fleet", "carriers"), ("provider", "FARGATE_SPOT"))
    assert tally.take() == [Figure(FAILURES, 1, labels)] * failed


def test_what_was_told_is_not_told_again(tally: Tally) -> None:
    tally.offloaded()

    assert len(tally.take()) == 1
    assert tally.take() == []


def test_all_that_is_counted_stands_in_the_table_with_its_labels(tally: Tally) -> None:
    tally.ended([Fate((A,), End.REFUSED)])
    tally.asked(Provider.FARGATE, Outcome(tasks=("t",)))
    tally.asked(Provider.FARGATE, Outcome(unsure="time-out"))
    tally.offloaded()

    told = {one.name: {name for name, _ in one.labels} for one in tally.take()}

    assert told == {row.name: {*row.labels} for row in dispatch.ROWS}
