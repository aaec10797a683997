"""FIFO queues: whatever the metric does, tasks that its groups could keep busy are let through."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.values import NOW, queue, reading, rules, task

from autoscaler.core.groups import flat_groups
from autoscaler.core.memory import Memory, Sample
from autoscaler.core.model import Minute
from autoscaler.core.restraints import restraints
from autoscaler.core.tasks import Fleet

RULES = rules(queue())
groups = st.none() | st.integers(0, 20)


@st.composite
def sights(draw):
    """Ten minutes of the metric, tasks of any age, any looks, and what was flat before."""
    told = draw(st.lists(groups, max_size=10))
    minutes = tuple(
        Minute(NOW - 60.0 * n, sent=1.0, groups_in_flight=count) for n, count in enumerate(told)
    )
    started = draw(st.lists(st.none() | st.floats(NOW - 900, NOW), max_size=20))
    fleet = Fleet(tuple(task(f"t{n}", started_at=at) for n, at in enumerate(started)))
    counts = draw(st.lists(st.integers(0, 3), max_size=6))
    looks = tuple(Sample(NOW - 120.0 * n, count, 0, 0) for n, count in enumerate(counts))
    before = draw(st.dictionaries(st.just("q"), st.integers(0, 20)))
    memory = Memory(samples={"q": looks[::-1]}, flat_groups=before)
    return memory, {"q": reading(draw(st.integers(0, 9)), minutes=minutes[::-1])}, fleet


@given(sights())
def test_there_is_always_room_for_a_task_more_than_groups_are_in_flight(sight):
    memory, readings, fleet = sight
    flat = flat_groups(memory, readings, fleet, RULES, NOW)
    told = [one.groups_in_flight for one in readings["q"].minutes]
    newest = [count for count in told if count is not None][-1:]
    held = restraints(Memory(flat_groups=flat), readings, fleet, RULES, NOW)
    assert len(held) == len(flat)
    assert all(one.new_tasks > newest[0] for one in held)


@given(sights())
def test_what_is_flat_stays_so_while_nothing_changes(sight):
    memory, readings, fleet = sight
    once = flat_groups(memory, readings, fleet, RULES, NOW)
    again = Memory(samples=memory.samples, flat_groups=once)
    assert flat_groups(again, readings, fleet, RULES, NOW) == once
