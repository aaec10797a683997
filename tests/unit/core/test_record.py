"""A record has a JSON form with a version."""

from __future__ import annotations

import json

from support.values import NOW, blind, intent, observation, queue, rules, saying

from autoscaler.core.actions import Failure, Outcome
from autoscaler.core.decide import decide
from autoscaler.core.record import VERSION, End, Record, to_json

SEEN = observation(blind())
RECORD = Record(
    installation="house",
    fleet="f",
    tick=int(NOW),
    at=NOW,
    end=End.DECIDED,
    observation=SEEN,
    decision=decide(SEEN, rules(queue(saying(want=2))), {}),
    intents=(intent(count=2),),
    outcomes={"launch": Outcome(("a",), (Failure("no room"),)), "other": Outcome(("b", "c"))},
)


def test_the_tasks_that_aws_accepted_are_the_ones_launched():
    assert RECORD.launched == 3
    assert Record("house", "f", 1, NOW, End.HELD).launched == 0


def test_the_json_form_is_text_with_a_version():
    form = json.loads(json.dumps(to_json(RECORD), allow_nan=False))
    assert form["version"] == VERSION
    assert form["end"] == "decided"
    assert form["decision"]["target"] == 2
    assert form["outcomes"]["launch"]["failures"] == [{"reason": "no room"}]
