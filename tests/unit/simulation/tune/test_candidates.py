"""From the proposals of a trial to what would stand in a file."""

from __future__ import annotations

from support.tuning import Chosen

from autoscaler.simulation.tune.candidates import Candidate, Field
from autoscaler.simulation.tune.dimensions import Given, OneOf, Whole

FIELD = Field(
    {"depth": {"messages_per_task": Whole(1, 99)}, "backlog": {"slots": Given(None)}},
    {"period": OneOf(("1m", "2m"))},
)


def test_options_are_proposed_of_the_chosen_policies_only_and_by_their_policy() -> None:
    trial = Chosen({"policies": "depth+backlog", "depth.messages_per_task": 25, "period": "2m"})

    assert FIELD.candidate(trial) == Candidate(
        [{"type": "depth", "messages_per_task": 25}, {"type": "backlog"}], {"period": "2m"}
    )
    assert FIELD.candidate(Chosen({"policies": "backlog"})).policies == [{"type": "backlog"}]


def test_a_candidate_is_told_on_one_line() -> None:
    candidate = Candidate([{"type": "depth", "messages_per_task": 25}], {"period": "2m"})

    assert candidate.name == "depth"
    assert candidate.told() == "depth {messages_per_task: 25}, period: 2m"
