"""The history of a queue from records of its controller's ticks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import records

from autoscaler.core.model import Minute, Observation, Reading
from autoscaler.core.record import End, Record, to_json
from autoscaler.simulation.traces import Counts, TraceError, read_table, read_trace

Write = Callable[..., Path]

T0 = 1_700_000_040.0
"""A whole minute."""


def tick(number: int, *readings: Reading) -> Record:
    """The record of a tick two minutes after the one before."""
    at = T0 + 120.0 * number
    seen = records.record().observation
    assert seen is not None
    observation = Observation(
        now=at,
        tick=int(at),
        next_tick_at=at + 120,
        readings={reading.queue: reading for reading in readings},
        fleet=seen.fleet,
        learned=seen.learned,
    )
    return records.record(tick=int(at), at=at, observation=observation)


def reading(number: int, *minutes: Minute, queue: str = "jobs", **counts: int) -> Reading:
    return Reading(queue, T0 + 120.0 * number + 1.5, minutes=minutes, **counts)


def minute(number: int, **told: float) -> Minute:
    """The minute that begins so many after the first."""
    return Minute(T0 + 60.0 * number + 60.0, **told)


def lines(*found: Record | dict[str, Any]) -> str:
    forms = (to_json(each) if isinstance(each, Record) else each for each in found)
    return "".join(json.dumps(form) + "\n" for form in forms)


def test_minutes_that_ticks_read_are_the_trace(write: Write) -> None:
    path = write(
        lines(
            tick(0, reading(0, minute(-3, sent=4.0, deleted=1.0), visible=3, in_flight=2)),
            tick(1, reading(1, minute(-1, sent=2.0, oldest_age=30.0, busy_seconds=50.0))),
        ),
        "records.jsonl",
    )

    table = read_table(path)

    assert isinstance(table, Counts)
    assert table.starts.tolist() == [0.0, 120.0, 180.0]
    assert table.about.starts_at == T0 - 180
    assert table.about.seconds == 240.0
    assert table.about.notes == ("From records: of the queue jobs, as ticks read it.",)
    shown = {name: values.tolist() for name, values in table.columns.items()}
    nan = pytest.approx(float("nan"), nan_ok=True)
    assert shown["count"] == [4.0, 2.0, nan]
    assert shown["deleted"] == [1.0, nan, nan]
    assert shown["visible"] == [nan, nan, 3.0]
    assert shown["in_flight"] == [nan, nan, 2.0]
    assert shown["oldest_age_s"] == [nan, 30.0, nan]
    assert shown["busy_s"] == [nan, 50.0, nan]


def test_a_later_tick_knows_more_of_a_minute_and_forgets_nothing(write: Write) -> None:
    path = write(
        lines(
            tick(0, reading(0, minute(-2, sent=4.0, deleted=1.0))),
            tick(1, reading(1, minute(-2, sent=5.0))),
        ),
        "records.jsonl",
    )

    columns = read_table(path).columns

    assert (columns["count"].tolist(), columns["deleted"].tolist()) == ([5.0], [1.0])


def test_it_is_replayed_like_any_counts(write: Write) -> None:
    found = [tick(n, reading(n, minute(2 * n - 3, sent=3.0), visible=1)) for n in range(30)]

    trace = read_trace(write(lines(*found), "records.jsonl"))

    assert len(trace) == 90
    assert trace.notes[2].startswith("Unknown: 2 bins (3.2% of the time)")  # no tick read those


def test_one_of_several_queues_is_named(write: Write) -> None:
    both = tick(
        0,
        reading(0, minute(-2, sent=4.0), queue="jobs"),
        reading(0, minute(-2, sent=9.0), queue="mails"),
    )
    path = write(lines(both), "records.jsonl")

    assert read_table(path, queue="mails").columns["count"].tolist() == [9.0]
    with pytest.raises(TraceError, match="tells of jobs, mails; say of which with --queue"):
        read_table(path)
    with pytest.raises(TraceError, match="tells nothing of posts: jobs, mails"):
        read_table(path, queue="posts")


def test_ticks_that_saw_nothing_are_passed_over(write: Write) -> None:
    blind = records.record(observation=None, decision=None, end=End.DONE_BEFORE)
    path = write(lines(blind, tick(0, reading(0, minute(-2, sent=4.0)))), "records.jsonl")

    assert read_table(path).messages == 4
    with pytest.raises(TraceError, match="tells nothing of a queue: no reading of any"):
        read_table(write(lines(blind), "blind.jsonl"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"version": 99}, ":2: it is no record of version 1, the one that this program reads"),
        ({"observation": {"readings": {"jobs": {"at": "x"}}}}, ":2: the record is damaged"),
        ({"observation": {"readings": {"jobs": []}}}, ":2: the record is damaged"),
    ],
)
def test_a_record_that_cannot_be_read_is_told(
    write: Write, change: dict[str, Any], says: str
) -> None:
    good = tick(0, reading(0, minute(-2, sent=4.0)))

    with pytest.raises(TraceError, match=says):
        read_table(write(lines(good, {**to_json(good), **change}), "records.jsonl"))


def test_of_a_record_only_what_the_queue_told_is_read(write: Write) -> None:
    """The rest takes most of the time, and says nothing of arrivals."""
    found = tick(0, reading(0, minute(-2, sent=4.0), visible=1))
    form = to_json(found)
    form["decision"] = {"nothing": "that the record's own reader would take"}

    assert read_table(write(lines(form), "r.jsonl")).messages == 4
