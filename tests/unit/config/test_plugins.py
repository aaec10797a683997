"""Policies of other people are configured as the house's own are."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal

import pytest
from pydantic import TypeAdapter
from support.configurations import changed, load_text, told

from autoscaler import plugins
from autoscaler.config.form import form
from autoscaler.core import needs
from autoscaler.core.model import Advice, Observation
from autoscaler.core.rules import Combine
from autoscaler.core.units import Duration

TYPE = "one.yaml:15: queues.thumbnails.policies[0]"
STAIRS = "type: stairs, steps: [{start: 1, add: 1}]"
DURATIONS = "write seconds or text such as 90s, 5m or 1h30m"


@dataclass(frozen=True, slots=True)
class Step:
    """A part of Stairs."""

    start: Duration
    add: int


@dataclass(frozen=True, slots=True)
class Stairs:
    """Somebody's policy, with options of more kinds than the house's have."""

    steps: tuple[Step, ...]
    how: Combine = Combine.MAX
    hold: int | str = 0
    words: tuple[str, ...] = field(default_factory=tuple)
    answer: bytes = b""
    lights: Literal["on", "off"] = "on"

    needs: ClassVar = (needs.counts,)

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError("stairs need a step")

    def advise(self, seen: Observation) -> Advice:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Span:
    """A part of Night."""

    if_: str
    """When it counts."""


@dataclass(frozen=True, slots=True)
class Night:
    """Somebody's policy, with options that Python keeps the words of."""

    from_: str
    """When it begins."""
    spans: tuple[Span, ...] = ()

    needs: ClassVar = (needs.counts,)

    def advise(self, seen: Observation) -> Advice:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {
        "stairs": f"{__name__}:Stairs",
        "night": f"{__name__}:Night",
        "broken": "no_such:Policy",
        "nothing": f"{__name__}:Path",
    }
    monkeypatch.setattr(plugins, "_installed", lambda: table)


def _policy(options: str) -> str:
    return changed("- type: depth\n        messages_per_task: 10", f"- {{{options}}}")


def test_a_plugin_gets_its_options_read_as_its_annotations_say(tmp_path: Path) -> None:
    text = _policy("type: stairs, how: sum, steps: [{start: 5m, add: 1}, {start: 10m, add: 2}]")
    assert load_text(tmp_path, text).queues["thumbnails"].policies == {
        "stairs": Stairs(steps=(Step(300.0, 1), Step(600.0, 2)), how=Combine.SUM)
    }


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ("type: stair", ".type: there is no policy stair; did you mean stairs?"),
        ("type: broken", ".type: policy 'broken' cannot be loaded: No module named 'no_such'"),
        ("type: stairs", ".steps: this key is required, and missing"),
        ("type: stairs, steps: []", ": stairs need a step"),
        (f"{STAIRS}, step: []", ".step: there is no such key; did you mean steps?"),
        (f"{STAIRS}, how: avg", '.how: "avg" is not allowed; it must be max, min, sum or first'),
        (f"{STAIRS}, answer: 4", ".answer: 4 is a number, and that is not allowed here"),
        (
            f"{STAIRS}, lights: off",
            '.lights: off is true or false to YAML; put it in quotes: "off"',
        ),
        (f"{STAIRS}, hold: [1]", ".hold: this is a list; it must be a whole number"),
        (
            "type: stairs, steps: [{start: 1, adds: 1, add: 1}]",
            ".steps[0].adds: there is no such key; did you mean add?",
        ),
        (
            "type: stairs, steps: [{start: x, add: 1}]",
            f".steps[0].start: 'x' is not a duration; {DURATIONS}",
        ),
    ],
)
def test_a_mistake_in_its_options_is_told_in_the_same_words(
    tmp_path: Path, options: str, problem: str
) -> None:
    assert told(tmp_path, _policy(options)) == [TYPE + problem]


def test_a_word_that_python_keeps_is_an_option_all_the_same(tmp_path: Path) -> None:
    text = _policy("type: night, from: late, spans: [{if: dark}]")
    assert load_text(tmp_path, text).queues["thumbnails"].policies == {
        "night": Night(from_="late", spans=(Span(if_="dark"),))
    }


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ("type: night, from: 20", ".from: 20 is a number to YAML, where text is needed; put it"),
        ("type: night, from: a, from_: a", ".from_: there is no such key; did you mean from?"),
        ("type: night", ".from: this key is required, and missing"),
        ("type: night, from: a, spans: [{if_: b}]", ".spans[0].if: this key is required"),
        ("type: night, from: a, spans: [{if: b, iff: c}]", ".spans[0].iff: there is no such key"),
    ],
)
def test_a_mistake_in_it_is_told_under_the_word_that_is_written(
    tmp_path: Path, options: str, problem: str
) -> None:
    assert told(tmp_path, _policy(options))[0].startswith(TYPE + problem)


def test_the_schema_has_the_word_that_is_written() -> None:
    described = TypeAdapter(form(Night, tag="night")).json_schema()
    assert described["required"] == ["type", "from"]
    assert described["properties"]["from"]["description"] == "When it begins."
    assert described["$defs"]["Span"]["properties"]["if"]["description"] == "When it counts."


def test_what_is_no_policy_is_told(tmp_path: Path) -> None:
    (line,) = told(tmp_path, _policy("type: nothing"))
    assert "is not a policy: it has no" in line
