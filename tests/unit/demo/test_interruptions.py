"""Spot takes back tasks that work, one at a look, and it is said when there were too few."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

from autoscaler.demo.interruptions import Interrupted, Interruptions
from autoscaler.demo.watch import Glimpse
from autoscaler.local import LocalAws

WORKING = Glimpse(5, 2, 0, None, {"RUNNING": 3}, 3, 1, 3, (), controller_sees_zero=False)


@dataclass
class Aws:
    """Tasks by ARN: provider, last status, desired status."""

    found: dict[str, tuple[str, str, str]]
    taken: list[str] = field(default_factory=list)

    def tasks(self) -> list[dict[str, Any]]:
        names = ("capacityProviderName", "lastStatus", "desiredStatus")
        return [
            {"taskArn": arn, **dict(zip(names, facts, strict=True))}
            for arn, facts in self.found.items()
        ]

    def interrupt(self, *, tasks: list[str]) -> None:
        self.taken += tasks


AWS = Aws(
    {
        "starting": ("FARGATE_SPOT", "PENDING", "RUNNING"),
        "on-demand": ("FARGATE", "RUNNING", "RUNNING"),
        "stopping": ("FARGATE_SPOT", "RUNNING", "STOPPED"),
        "oldest": ("FARGATE_SPOT", "RUNNING", "RUNNING"),
        "next": ("FARGATE_SPOT", "RUNNING", "RUNNING"),
    }
)


def taken(wanted: int, *glimpses: Glimpse) -> list[str]:
    aws = replace(AWS, taken=[])
    interruptions = Interruptions(cast("LocalAws", aws), wanted, lambda _: None)
    for glimpse in glimpses:
        interruptions.look(glimpse)
    return aws.taken


def test_running_spot_tasks_are_taken_back_one_at_a_look_until_there_were_enough() -> None:
    assert taken(5, WORKING) == ["oldest"]
    assert taken(5, WORKING, WORKING, WORKING) == ["oldest", "next"]
    assert taken(1, WORKING, WORKING) == ["oldest"]
    assert taken(0, WORKING) == []


def test_before_and_after_the_work_none_is() -> None:
    assert taken(5, replace(WORKING, thumbnails=0)) == []
    assert taken(5, replace(WORKING, visible=0, in_flight=0)) == []


def test_too_few_are_a_problem_in_a_sentence() -> None:
    assert Interrupted(asked=5, done=5).problems() == []
    (told,) = Interrupted(asked=5, done=3).problems()
    assert told.startswith("only 3 of 5 tasks were taken back")


def test_where_none_were_asked_for_nothing_is_told() -> None:
    aws = cast("LocalAws", AWS)
    assert Interruptions(aws, 0, lambda _: None).count() is None
    assert Interruptions(aws, 2, lambda _: None).count() == Interrupted(asked=2, done=0)
