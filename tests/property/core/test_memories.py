"""Any memory survives its JSON text, and no text at all is taken for one by mistake."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.core.errors import MemoryUnreadableError
from autoscaler.core.memory import VERSION, Memory, dump, load

FIELDS = sorted(each.name for each in fields(Memory))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
notes = st.dictionaries(st.text(max_size=4), json_values, max_size=3)
memories = st.builds(Memory, notes=st.dictionaries(st.text(max_size=4), notes, max_size=2))


@given(memories)
def test_a_memory_comes_back_from_text_as_it_went_in(memory):
    text = json.dumps(dump(memory))
    again = load(json.loads(text))
    assert json.dumps(dump(again)) == text
    assert again == memory or "NaN" in text  # NaN equals nothing, not even itself


@given(json_values)
def test_anything_else_is_refused_in_a_sentence(saved):
    with pytest.raises(MemoryUnreadableError):
        load(saved)


@given(st.dictionaries(st.sampled_from(FIELDS), json_values, min_size=1))
def test_a_memory_with_anything_in_its_fields_is_read_or_refused(saved):
    assert read_or_refused({"version": VERSION, "memory": saved})


def read_or_refused(saved):
    try:
        return isinstance(load(saved), Memory)
    except MemoryUnreadableError as refused:
        return str(refused).startswith("the saved memory is damaged: ")
