"""What can be written for a policy, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

import pytest

from autoscaler.config.policy_options import first_sentence, make_policy, options_of
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.units import AtLeast, AtMost, Duration
from policies.depth import Depth


@dataclass(frozen=True)
class Part:
    from_: Duration
    add: int = 0


@dataclass(frozen=True)
class All:
    """One of each kind."""

    count: Annotated[int, AtLeast(1), AtMost(9)]
    """How many. Not more."""
    parts: tuple[Part, ...]
    share: Annotated[float, AtLeast(0), AtMost(1)] = 0.5
    wait: Duration | None = None
    how: Literal["one", "other", "none"] = "one"
    only: Literal["this"] = "this"
    text: str = ""
    flag: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    any: Any = None

    needs: ClassVar = ()


def test_every_kind_of_option_has_words() -> None:
    assert {option.name: option.type for option in options_of(All)} == {
        "count": "whole number, at least 1, at most 9",
        "parts": "list of {from, add}",
        "share": "number, at least 0, at most 1",
        "wait": "duration",
        "how": "one, other or none",
        "only": "text",
        "text": "text",
        "flag": "true or false",
        "names": "mapping",
        "any": "anything",
    }


def test_an_option_tells_whether_it_is_required_its_default_and_its_first_sentence() -> None:
    options = {option.name: option for option in options_of(All)}
    assert (options["count"].required, options["count"].default) == (True, None)
    assert options["count"].doc == "How many."
    assert (options["share"].required, options["share"].default) == (False, 0.5)
    assert options["text"].doc == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One sentence.", "One sentence."),
        ("Over two\nlines. And more.", "Over two lines."),
        ("No full stop\n\nA paragraph.", "No full stop"),
        ("", ""),
    ],
)
def test_the_first_sentence_ends_with_its_full_stop_or_paragraph(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


def test_a_policy_is_made_as_in_a_file() -> None:
    assert make_policy(Depth, "{messages_per_task: 5}", "here") == Depth(messages_per_task=5)


def test_every_mistake_is_told_with_the_place_it_was_given_at() -> None:
    with pytest.raises(ConfigurationError) as caught:
        make_policy(Depth, "{messages_per_task: 0, cout: [visible]}", "--options")
    assert str(caught.value).splitlines() == [
        "--options: messages_per_task: 0 is too small; it must be at least 1",
        "--options: cout: there is no such key; did you mean count?",
    ]
