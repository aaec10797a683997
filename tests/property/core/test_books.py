"""Books account for every message, know no future, and refuse what is no books."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.values import NOW, PERIOD, reading

from autoscaler.core.books import booked, read
from autoscaler.core.codec import encode
from autoscaler.core.model import Minute
from autoscaler.core.waiting import waiting_of

counts = st.integers(0, 100_000)
looks = st.lists(st.tuples(st.floats(0, 400), counts, counts), min_size=1, max_size=12)
minutes = st.lists(st.tuples(counts, counts), max_size=12)
works = st.floats(0.01, 1e4)


def kept(seen, told, slots=3):
    """Books after these looks, with the minutes that CloudWatch had come to tell of by then."""
    found, now = None, NOW
    for wait, visible, in_flight in seen:
        now += wait
        known = tuple(
            Minute(ends, float(sent), float(deleted))
            for ends, (sent, deleted) in enumerate_minutes(told)
            if ends <= now
        )
        found = booked(found, reading(visible, in_flight, minutes=known), now, PERIOD, slots)
    return found, now


def enumerate_minutes(told):
    return ((NOW - 120.0 + 60.0 * n, one) for n, one in enumerate(told))


@given(looks, minutes, works, counts, st.none() | st.floats(-500, 0))
def test_what_waits_is_in_its_lots_and_none_of_it_has_yet_to_come(seen, told, work, slots, left):
    books, now = kept(seen, told, slots)
    found = waiting_of(books, work, None if left is None else now + left)
    assert sum(count for _, count in found.lots) == pytest.approx(found.messages, abs=1e-5)
    assert all(count > 0 and arrived <= now for arrived, count in found.lots)
    assert 0 <= found.messages < math.inf


@given(looks, minutes)
def test_notes_come_back_from_a_store_as_they_went_in(seen, told):
    books, _ = kept(seen, told)
    assert read(json.loads(json.dumps(encode(books.notes())))) == books


numbers = st.integers() | st.floats(allow_nan=False) | st.sampled_from([NOW, NOW - 60, 0.0])
anything = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
triples = st.lists(st.lists(numbers, min_size=3, max_size=3), max_size=3)
notes = st.dictionaries(
    st.sampled_from(["through", "backlog", "off", "rate", "lots", "looks", "other"]),
    numbers | triples | anything,
) | st.fixed_dictionaries({"through": numbers, "looks": triples, "lots": triples, "off": numbers})


@given(notes, counts, minutes)
def test_whatever_stands_in_notes_is_refused_quietly_or_leads_to_finite_counts(
    wrong, visible, told
):
    known = tuple(Minute(ends, *map(float, one)) for ends, one in enumerate_minutes(told))
    books = booked(read(wrong), reading(visible, minutes=known), NOW, PERIOD, 3)
    found = waiting_of(books, 2.0, None)
    assert 0 <= found.messages < math.inf
    assert read(json.loads(json.dumps(books.notes()))) is not None
