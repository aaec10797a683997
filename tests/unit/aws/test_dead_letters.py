"""Dead-letter queues are read along, and their trouble is nobody's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from support.aws_settings import settings
from support.wire import Answer, Page, Refusal, Wire

from autoscaler.aws.queues import SqsQueues
from autoscaler.core.model import Reading

NOW = 1_700_000_040.0
BASE = "https://sqs.eu-west-2.amazonaws.com/111122223333"
POLICY = {"deadLetterTargetArn": "arn:aws:sqs:eu-west-2:111122223333:dead", "maxReceiveCount": 3}


class House:
    """Queues with counts that tests change, at one wire."""

    def __init__(self, wire: Wire, *names: str, policy: str | None = None) -> None:
        self.wire = wire
        self.visible: dict[str, int] = dict.fromkeys(names, 5)
        self.dead: Answer = {"Attributes": {"ApproximateNumberOfMessages": "7"}}
        self.policy: str | None = json.dumps(POLICY) if policy is None else policy
        self.now = NOW
        wire.on("GetQueueAttributes", self._attributes).on("GetMetricData", _no_metrics)
        chosen = settings(queues={name: f"{BASE}/{name}" for name in names})
        self.queues = SqsQueues(chosen, wire.clients)

    def look(self) -> Mapping[str, Reading]:
        self.now += 120.0
        return self.queues.read(list(self.visible), self.now)

    def _attributes(self, body: dict[str, Any]) -> Answer:
        name = body["QueueUrl"].rsplit("/", 1)[-1]
        if name == "dead":
            return self.dead
        counts = {
            "ApproximateNumberOfMessages": str(self.visible[name]),
            "ApproximateNumberOfMessagesNotVisible": "0",
            "ApproximateNumberOfMessagesDelayed": "0",
        }
        return {"Attributes": {**counts, **({"RedrivePolicy": self.policy} if self.policy else {})}}

    def asked_of_dead(self) -> int:
        return sum(
            body["QueueUrl"] == f"{BASE}/dead" for body in self.wire.bodies("GetQueueAttributes")
        )


def _no_metrics(body: dict[str, Any]) -> Answer:
    empty = {"StatusCode": "Complete", "Timestamps": [], "Values": []}
    return {"MetricDataResults": [{"Id": one["Id"], **empty} for one in body["MetricDataQueries"]]}


def test_a_dead_letter_queue_is_counted_from_the_look_after_it_was_found(wire: Wire) -> None:
    house = House(wire, "q")
    assert [house.look()["q"].dead_letters for _ in range(3)] == [None, 7, 7]


def test_only_its_visible_messages_are_asked_for(wire: Wire) -> None:
    house = House(wire, "q")
    house.look()
    house.look()
    assert {"QueueUrl": f"{BASE}/dead", "AttributeNames": ["ApproximateNumberOfMessages"]} in (
        wire.bodies("GetQueueAttributes")
    )
    assert wire.bodies("GetQueueUrl") == []


def test_queues_that_share_one_have_it_read_once(wire: Wire) -> None:
    house = House(wire, "a", "b")
    house.look()
    found = house.look()
    assert (found["a"].dead_letters, found["b"].dead_letters) == (7, 7)
    assert house.asked_of_dead() == 1


@pytest.mark.parametrize("policy", ["", "{}", "nonsense", "[]", '{"deadLetterTargetArn": null}'])
def test_a_policy_that_names_none_is_none(wire: Wire, policy: str) -> None:
    house = House(wire, "q", policy=policy)
    house.look()
    reading = house.look()["q"]
    assert (reading.visible, reading.dead_letters, reading.trouble) == (5, None, None)


@pytest.mark.parametrize(
    "answer",
    [Refusal("AccessDeniedException"), Page("<html>"), {}, {"Attributes": {}}],
)
def test_one_that_cannot_be_read_is_unknown_and_its_queue_is_not(
    wire: Wire, answer: Answer
) -> None:
    house = House(wire, "q")
    house.look()
    house.dead = answer
    reading = house.look()["q"]
    assert (reading.visible, reading.dead_letters, reading.trouble) == (5, None, None)


def test_a_queue_that_has_none_any_more_has_no_count(wire: Wire) -> None:
    house = House(wire, "q")
    house.look()
    house.look()
    house.policy = None
    assert house.look()["q"].dead_letters is None


def test_an_empty_one_of_a_quiet_queue_is_left_alone_until_the_queue_wakes(wire: Wire) -> None:
    house = House(wire, "q")
    house.visible["q"] = 0
    house.dead = {"Attributes": {"ApproximateNumberOfMessages": "0"}}
    for _ in range(5):
        house.look()
    before = house.asked_of_dead()
    assert house.look()["q"].dead_letters == 0
    assert house.asked_of_dead() == before
    house.visible["q"] = 1
    house.look()
    house.look()
    assert house.asked_of_dead() == before + 1


def test_one_that_holds_messages_is_read_however_quiet_its_queue(wire: Wire) -> None:
    """So that it shows when people have emptied it."""
    house = House(wire, "q")
    house.visible["q"] = 0
    for _ in range(6):
        house.look()
    assert house.asked_of_dead() == 5
