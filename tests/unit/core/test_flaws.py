"""Flaws: what makes an answer unusable, told as quickly as it usually is."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.core import flaws
from autoscaler.core.flaws import LATEST, MOST, flaw_in
from autoscaler.core.model import Advice

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def kept(notes):
    """Whether JSON takes them: what is made of its own kinds comes back as it went in."""
    try:
        json.dumps(notes, allow_nan=False)
    except ValueError:
        return False
    return True


@given(st.dictionaries(st.text(), anything))
def test_the_quick_way_and_the_thorough_one_agree(notes):
    assert (flaw_in(Advice(notes=notes)) is None) is kept(notes)


@given(st.dictionaries(st.text(), anything))
def test_what_is_taken_at_first_sight_is_what_json_gives_back(notes):
    if flaws._plainly_kept(notes):
        assert json.loads(json.dumps(notes, allow_nan=False)) == notes


def test_every_part_of_an_advice_has_a_rule():
    assert {name for name, _, _ in flaws._RULES} == {
        each.name for each in fields(Advice) if each.name != "abstained"
    }


@pytest.mark.parametrize(
    "advice",
    [
        Advice(),
        Advice(want=0, at_least=MOST, new_tasks=0, pause=True),
        Advice(spot_share=0, stay_until=0.0, look_again_at=LATEST),
        Advice(notes={}),
        Advice(notes={"n": 10**100, "pair": (1, 2), "nested": {"a": [None]}}),
    ],
)
def test_what_is_within_bounds_has_no_flaw(advice):
    assert flaw_in(advice) is None


@pytest.mark.parametrize("name", ["want", "at_least", "at_most", "new_tasks"])
def test_a_count_above_a_billion_is_one(name):
    assert flaw_in(Advice(**{name: MOST + 1})) == f"{name} is 1000000001, not a count"


@pytest.mark.parametrize("notes", [{True: 1}, {1: 1}, {None: 1}, {"a": {1: 2}}, {"a": b"b"}])
def test_names_in_notes_are_text_and_values_are_jsons(notes):
    assert "not a mapping that JSON can hold" in (flaw_in(Advice(notes=notes)) or "")
