"""What policies promise."""

from __future__ import annotations

from dataclasses import dataclass

from autoscaler.core.promises import promised
from policies.backlog import Backlog
from policies.deadline import Deadline
from policies.depth import Depth


@dataclass
class Elses:
    """Somebody's own policy, whose promise nobody has given."""

    max_age: float | None = None


def test_the_shortest_of_several_promises_holds() -> None:
    assert promised([Deadline(max_age=600.0), Backlog(acceptable_wait=120.0)]) == 120.0


def test_policies_that_count_messages_promise_nothing() -> None:
    assert promised([Depth(), Elses()]) is None
