"""Learning stays within what was seen, however ticks fall, and its memory stays small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.values import NOW, reading

from autoscaler.core.learning import SAMPLES_MOST, in_flight_seconds, learn_from_queues
from autoscaler.core.memory import Memory, Sample
from autoscaler.core.model import Minute

counts = st.none() | st.integers(0, 1000)
rates = st.none() | st.floats(0, 1e6)


@st.composite
def histories(draw):
    """Ticks in any order of time, with minutes that may overlap and repeat."""
    looks = []
    for at in draw(st.lists(st.floats(0, 7200), max_size=60)):
        ends = [NOW + 60 * n for n in sorted(draw(st.sets(st.integers(0, 120), max_size=4)))]
        minutes = tuple(Minute(end, draw(rates), draw(rates), draw(rates)) for end in ends)
        looks.append(reading(draw(counts), draw(counts), 0, at=NOW + at, minutes=minutes))
    return looks


@given(histories())
def test_rates_are_never_negative_and_samples_never_many(looks):
    memory = Memory()
    for look in looks:
        memory = learn_from_queues(memory, [look])
    learned = memory.learned.queue("q")
    for mean in (learned.work, learned.arrivals):
        assert mean.value is None or mean.value >= 0
        assert 0 <= mean.confidence < 1
    assert all(len(samples) <= SAMPLES_MOST for samples in memory.samples.values())


@given(st.lists(st.integers(0, 100), min_size=2, max_size=20), st.data())
def test_messages_in_hand_are_between_the_fewest_and_the_most_seen(in_flight, data):
    samples = tuple(Sample(60.0 * n, 1, seen, 0) for n, seen in enumerate(in_flight))
    last = samples[-1].at
    start = data.draw(st.floats(0, last))
    end = data.draw(st.floats(start, last))
    seconds = in_flight_seconds(samples, start, end)
    slack = 1e-6 * (1 + last)
    assert min(in_flight) * (end - start) - slack <= seconds
    assert seconds <= max(in_flight) * (end - start) + slack
