"""Fault scripts: what is read from them, and the sentence for each mistake."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from autoscaler.local import LocalSettings
from autoscaler.local.faults.calls import Call
from autoscaler.local.faults.kinds import KINDS
from autoscaler.local.faults.reading import FaultScriptError, read_file, read_script
from autoscaler.local.faults.script import Interruption, Period, Rule, Which

DOCUMENTED = Path(__file__).parents[3] / "docs" / "local-aws.md"
WHERE = {"calls": "ecs:RunTask"}


def one(**fault: Any) -> Any:
    (read,) = read_script({"faults": [fault]}).faults
    return read


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (None, "a fault script is a mapping with the keys seed and faults"),
        ({"fault": []}, "the fault script: fault is unknown; did you mean faults? known are"),
        ({"seed": "x"}, "seed is 'x'; it must be a whole number"),
        ({"faults": {}}, "faults must be a list"),
        ({"faults": ["throttle"]}, "fault 1 does not say what to do; known are delay, deny,"),
        ({"faults": [{"do": "throtle"}]}, "fault 1 says do: throtle; did you mean throttle?"),
        ({"faults": [{"do": "deny"}]}, "fault 1 (deny): calls is missing"),
        (
            {"faults": [{"do": "deny", **WHERE}, {"do": "deny", "Calls": "*"}]},
            "fault 2 (deny): Calls is unknown; did you mean calls?",
        ),
        ({"faults": [{"do": "stale_list", **WHERE}]}, "fault 1 (stale_list): calls is unknown"),
    ],
)
def test_a_mistake_in_the_frame_is_said_in_a_sentence(script: Any, sentence: str) -> None:
    with pytest.raises(FaultScriptError, match=f"^{re.escape(sentence)}"):
        read_script(script)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"calls": "RunTask"}, "calls is 'RunTask'; write it like ecs:RunTask, sqs:* or *"),
        ({"calls": []}, "calls is []; it must be a call such as ecs:RunTask, or a list of such"),
        ({"calls": "esc:RunTask"}, "calls is 'esc:RunTask'; the services are cloudwatch,"),
        ({"calls": "ecs:RunTasks"}, "calls is 'ecs:RunTasks'; ecs has no operation RunTasks"),
        ({"chance": 1.5}, "chance is 1.5; it must be a number from 0 to 1"),
        ({"chance": True}, "chance is True; it must be a number from 0 to 1"),
        ({"first": 0}, "first is 0; it must be a whole number from 1 on"),
        ({"every": 2.0}, "every is 2.0; it must be a whole number from 1 on"),
        ({"resource": 3}, "resource is 3; it must be a text"),
        ({"from": "soon"}, "from is 'soon'; 'soon' is not a duration; write it like 3s"),
        ({"until": -1}, "until is -1; it must be a duration such as 5s or 500ms"),
        ({"from": 5, "until": "5s"}, "until must be later than from"),
        ({"status": 404}, "status is 404; it must be 500, 502, 503 or 504"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_must_be(fault: Any, sentence: str) -> None:
    with pytest.raises(FaultScriptError, match=re.escape(f"fault 1 (fail): {sentence}")):
        one(do="fail", **{**WHERE, **fault})


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"do": "delay", "calls": "*"}, "by is missing"),
        ({"do": "hide_new"}, "younger_than is missing"),
        ({"do": "interrupt"}, "share_per_minute is missing"),
        ({"do": "short", "most": -1}, "most is -1; it must be a whole number"),
        ({"do": "short", "most": False}, "most is False; it must be a whole number"),
        ({"do": "short", "provider": "SPOT"}, "it must be one of FARGATE, FARGATE_SPOT"),
        ({"do": "interrupt", "share_per_minute": 1, "chance": 1}, "chance is unknown"),
    ],
)
def test_each_kind_checks_its_own_keys(fault: dict[str, Any], sentence: str) -> None:
    with pytest.raises(FaultScriptError, match=re.escape(sentence)):
        one(**fault)


def test_a_fault_is_read_with_everything_it_says() -> None:
    rule = one(
        do="delay", calls=["ecs:Run*", "sqs:*"], resource="work", by="2s",
        **{"from": 1, "until": "1m", "first": 4, "every": 2, "chance": 0.5},
    )  # fmt: skip
    assert isinstance(rule, Rule)
    assert (rule.period, rule.which) == (Period(1, 60), Which(4, 2, 0.5))
    assert rule.where.includes(Call("ecs", "RunTask", "work"))
    assert not rule.where.includes(Call("ecs", "RunTask", "works"))
    assert not rule.where.includes(Call("ecs", "RunTask", None))
    assert not rule.where.includes(Call("ecs", "ListTasks", "work"))


def test_an_interruption_takes_the_same_share_however_often_one_looks() -> None:
    fault = one(do="interrupt", share_per_minute=0.4)
    assert isinstance(fault, Interruption)
    survives = (1 - fault.chance_within(0.05)) ** (60 / 0.05)
    assert survives == pytest.approx(0.6)


def test_a_period_includes_its_start_and_not_its_end() -> None:
    assert [Period(1, 2).includes(at) for at in (0.9, 1, 1.9, 2)] == [False, True, True, False]


def test_every_kind_of_fault_is_documented() -> None:
    _, _, after = DOCUMENTED.read_text(encoding="utf-8").partition("### What can go wrong")
    table, _, _ = after.partition("###")
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) - {"do"} == {*KINDS, "interrupt"}


def test_a_file_that_is_not_there_or_no_yaml_is_said(tmp_path: Path) -> None:
    with pytest.raises(FaultScriptError, match="cannot be read: No such file"):
        read_file(tmp_path / "none")
    (tmp_path / "bad").write_text("{", encoding="utf-8")
    with pytest.raises(FaultScriptError, match="is not YAML"):
        read_file(tmp_path / "bad")


def test_wrong_faults_are_refused_before_anything_starts() -> None:
    with pytest.raises(ValueError, match="did you mean deny"):
        LocalSettings(faults={"faults": [{"do": "denny"}]})
