"""A record has a JSON form with a version."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from support.values import NOW, blind, intent, observation, queue, rules, saying

from autoscaler.core.actions import Failure, FailureKind, Outcome, SetDesired, Setting
from autoscaler.core.decide import decide
from autoscaler.core.errors import RecordUnreadableError
from autoscaler.core.record import VERSION, End, Record, desired, from_json, to_json
from autoscaler.core.service import Service

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


def test_the_text_of_a_record_is_read_back_as_it_was():
    assert from_json(json.loads(json.dumps(to_json(RECORD)))) == RECORD
    held = Record("house", "f", 1, NOW, End.HELD, troubles=("The store did not answer.",))
    assert from_json(to_json(held)) == held


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ([], "this is no record: no version 1 in it"),
        ({"fleet": "f"}, "this is no record: no version 1 in it"),
        ({"version": "1"}, "this is no record: no version 1 in it"),
        ({**to_json(RECORD), "version": 2}, "version 2 and this program reads up to 1"),
        ({**to_json(RECORD), "end": "melted"}, "damaged, or of another version.*melted"),
        ({**to_json(RECORD), "weather": "fine"}, "damaged, or of another version.*weather"),
        ({"version": 1, "fleet": "f"}, "damaged, or of another version"),
    ],
)
def test_what_is_no_record_of_this_program_is_refused(form: Any, sentence: str):
    with pytest.raises(RecordUnreadableError, match=sentence):
        from_json(form)


class TestServices:
    SETTING = Setting(int(NOW), SetDesired(5, before=2), NOW)
    SEEN = replace(RECORD, observation=replace(SEEN, service=Service("web", 2)))

    def test_what_is_set_is_what_it_keeps_once_aws_took_it(self) -> None:
        assert desired(replace(self.SEEN, setting=self.SETTING, answer=Outcome())) == 5
        refused = Outcome(failures=(Failure("no", FailureKind.OTHER),))
        assert desired(replace(self.SEEN, setting=self.SETTING, answer=refused)) == 2

    def test_else_it_keeps_what_was_seen_and_of_others_nothing_is_known(self) -> None:
        assert desired(self.SEEN) == 2
        assert desired(RECORD) is None
        assert desired(replace(RECORD, observation=None)) is None

    def test_answers_are_all_that_aws_said(self) -> None:
        said = replace(self.SEEN, outcomes={"t": Outcome(("a",))}, answer=Outcome())
        assert said.answers == (Outcome(("a",)), Outcome())
        assert replace(said, answer=None).answers == (Outcome(("a",)),)
