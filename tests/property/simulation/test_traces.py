"""Laws of traces: what is written is read, and parts add up to the whole."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autoscaler.simulation.trace import MONDAY, Trace
from autoscaler.simulation.traces import (
    Counts,
    Cut,
    Table,
    Thin,
    cut,
    merge,
    read_table,
    read_trace,
    thin,
    write_table,
    write_trace,
)
from autoscaler.simulation.traces.building import trace_of
from autoscaler.simulation.traces.table import COUNTS, About

ENDINGS = st.sampled_from([".csv", ".csv.gz", ".jsonl", ".jsonl.gz"])
TIMES = st.floats(0, 1e6, allow_nan=False)
NOTES = st.lists(st.text("abc: #,\"'{}é", min_size=1, max_size=12).map(str.strip), max_size=3)
SHARES = st.floats(0, 1)
SEEDS = st.integers(0, 2**32)


@st.composite
def traces(draw: st.DrawFn, *, with_work: bool | None = None) -> Trace:
    arrivals = np.array(sorted(draw(st.lists(TIMES, max_size=20))), dtype=float)
    last = arrivals[-1] if len(arrivals) else 0.0
    has_work = draw(st.booleans()) if with_work is None else with_work
    work = st.lists(st.floats(0, 43_200), min_size=len(arrivals), max_size=len(arrivals))
    return Trace(
        name="t",
        arrivals=arrivals,
        work=np.array(draw(work), dtype=float) if has_work else None,
        seconds=float(np.floor(last) + draw(st.integers(1, 10**6))),
        starts_at=draw(st.sampled_from([MONDAY, 0.0, 1.7e9 + 0.25])),
        notes=tuple(note for note in draw(NOTES) if note),
    )


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    bins = draw(st.integers(2, 12))
    value = st.one_of(st.none(), st.integers(0, 500)).map(lambda n: np.nan if n is None else n)
    names = ["count", *draw(st.sets(st.sampled_from(COUNTS.may)))]
    columns = {
        name: np.array(draw(st.lists(value, min_size=bins, max_size=bins)), dtype=float)
        for name in names
    }
    known = {name: each for name, each in columns.items() if not np.isnan(each).all()}
    width = draw(st.sampled_from([1.0, 60.0, 300.0]))
    about = About("t", bins * width, draw(st.sampled_from([MONDAY, 1.7e9])))
    return Counts(
        about, {"t_s": np.arange(bins) * width, "count": columns["count"], **known}, width
    )


@contextmanager
def written(table: Trace | Table, ending: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"t{ending}"
        write_trace(table, path) if isinstance(table, Trace) else write_table(table, path)
        yield path


@settings(max_examples=40)
@given(traces(), ENDINGS)
def test_what_is_written_is_read_back_the_same(trace: Trace, ending: str) -> None:
    with written(trace, ending) as path:
        found = read_trace(path)

    assert found.digest == trace.digest
    assert found.name == trace.name
    assert [" ".join(note.split()) for note in found.notes] == [
        " ".join(note.split()) for note in trace.notes
    ]


@settings(max_examples=40)
@given(counts(), ENDINGS)
def test_counts_are_read_back_the_same_with_what_is_unknown(table: Counts, ending: str) -> None:
    with written(table, ending) as path:
        found = read_table(path)

    assert isinstance(found, Counts)
    assert found.about.seconds == table.about.seconds
    for name, values in table.columns.items():
        assert np.array_equal(found.columns[name], values, equal_nan=True)


@settings(max_examples=40)
@given(counts(), SEEDS)
def test_spreading_keeps_every_message_in_its_bin(table: Counts, seed: int) -> None:
    trace = trace_of(table, seed=seed)

    edges = np.append(table.starts, table.about.seconds)
    found = np.searchsorted(trace.arrivals, edges)
    assert np.diff(found).tolist() == table.counts.tolist()


@settings(max_examples=40)
@given(traces())
def test_a_cut_of_everything_is_the_trace(trace: Trace) -> None:
    assert cut(trace, 0, trace.seconds + 1).digest == trace.digest


@settings(max_examples=40)
@given(traces(), st.floats(0.01, 0.99))
def test_two_parts_of_a_trace_are_the_whole(trace: Trace, where: float) -> None:
    at = trace.seconds * where
    first, second = cut(trace, 0, at), cut(trace, at, np.inf)

    assert len(first) + len(second) == len(trace)
    assert first.seconds + second.seconds == np.float64(trace.seconds).item() or np.isclose(
        first.seconds + second.seconds, trace.seconds
    )
    assert np.allclose(np.append(first.arrivals, second.arrivals + at), trace.arrivals)
    assert (first.arrivals < at).all()


@settings(max_examples=40)
@given(traces(), SHARES, SEEDS)
def test_a_share_is_some_of_the_messages_in_order(trace: Trace, share: float, seed: int) -> None:
    found = thin(trace, share, seed)

    assert len(found) <= len(trace)
    assert set(found.arrivals) <= set(trace.arrivals)
    assert (np.diff(found.arrivals) >= 0).all()
    assert found.seconds == trace.seconds
    assert thin(trace, share, seed).digest == found.digest


@settings(max_examples=40)
@given(traces(), SHARES, SHARES, SEEDS)
def test_a_larger_share_of_the_same_seed_holds_the_smaller(
    trace: Trace, one: float, other: float, seed: int
) -> None:
    small, large = (thin(trace, share, seed) for share in sorted((one, other)))

    assert set(small.arrivals) <= set(large.arrivals)


@settings(max_examples=40)
@given(traces(), SEEDS)
def test_all_of_it_is_the_trace_and_none_of_it_is_empty(trace: Trace, seed: int) -> None:
    assert thin(trace, 1, seed).digest == trace.digest
    assert len(thin(trace, 0, seed)) == 0


@settings(max_examples=40)
@given(traces(), ENDINGS, SHARES, SEEDS, st.floats(0, 0.99), st.floats(0.01, 1))
def test_a_part_taken_while_reading_is_the_part_of_what_was_read(
    trace: Trace, ending: str, share: float, seed: int, start: float, length: float
) -> None:
    since, until = start * trace.seconds, (start + length) * trace.seconds

    with written(trace, ending) as path:
        thinned, stretch = (
            read_trace(path, sieve=sieve) for sieve in (Thin(share, seed), Cut(since, until))
        )

    assert thinned.digest == thin(trace, share, seed).digest
    assert stretch.digest == cut(trace, since, until).digest


@settings(max_examples=40)
@given(st.lists(traces(with_work=True), min_size=1, max_size=4))
def test_together_they_are_all_their_messages_each_with_its_work(found: Sequence[Trace]) -> None:
    whole = merge(found)

    assert whole.work is not None
    pairs = sorted(zip(whole.arrivals, whole.work, strict=True))
    each = [zip(one.arrivals, one.work, strict=True) for one in found if one.work is not None]
    assert pairs == sorted(pair for one in each for pair in one)
    assert (np.diff(whole.arrivals) >= 0).all()
    assert whole.seconds == max(one.seconds for one in found)


@settings(max_examples=40)
@given(traces())
def test_one_alone_is_itself(trace: Trace) -> None:
    assert merge([trace]).digest == trace.digest
    assert merge([trace]).notes == tuple(dict.fromkeys(trace.notes))
