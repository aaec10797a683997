"""A fetch notes every day it has, so that a kill costs at most the day under way."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from autoscaler.simulation.traces import TraceError
from autoscaler.simulation.traces.fetching import KEPT, Fetch, Row, Span

DAY = 86_400.0
NOW = 1_700_000_040.0 // 60 * 60
SPAN = Span("jobs", "eu-west-2", NOW - 3 * DAY, NOW)


class CloudWatch:
    """Answers with a row a minute, and fails at the call that it is told to."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.asked: list[tuple[float, float]] = []
        self._fails_at = fails_at

    def __call__(self, start: float, end: float) -> list[Row]:
        if len(self.asked) == self._fails_at:
            raise KeyboardInterrupt
        self.asked.append((start, end))
        minutes = np.arange(start, end, 60).tolist()
        return [(minute, 1.0, None, 2.0, None, None, None) for minute in minutes]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trace.csv.gz.part"


def test_it_goes_day_by_day_and_tells_how_far_it_is(path: Path) -> None:
    cloudwatch = CloudWatch()

    assert list(Fetch(path, SPAN).go_on(cloudwatch)) == [0, 1, 2, 3]

    assert cloudwatch.asked == [(NOW - days * DAY, NOW - (days - 1) * DAY) for days in (3, 2, 1)]


def test_the_table_has_every_minute_and_columns_of_which_something_is_known(path: Path) -> None:
    fetching = Fetch(path, SPAN)
    list(fetching.go_on(CloudWatch()))

    table = fetching.table()

    assert table.starts.tolist() == np.arange(0, 3 * DAY, 60).tolist()
    assert table.columns.keys() == {"t_s", "count", "visible"}
    assert (table.about.name, table.about.seconds) == ("jobs", 3 * DAY)
    assert table.about.starts_at == NOW - 3 * DAY
    assert table.about.notes == ("Fetched: from CloudWatch, of the queue jobs in eu-west-2.",)
    fetching.forget()
    assert not path.exists()


def test_the_days_it_has_are_not_asked_for_again(path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        list(Fetch(path, SPAN).go_on(CloudWatch(fails_at=2)))
    an_hour_later = Span("jobs", "eu-west-2", SPAN.start + 3600, SPAN.end + 3600)
    cloudwatch = CloudWatch()

    fetching = Fetch(path, an_hour_later)

    assert fetching.span == SPAN
    assert list(fetching.go_on(cloudwatch)) == [2, 3]
    assert cloudwatch.asked == [(NOW - DAY, NOW)]
    assert len(fetching.table().starts) == 3 * 1440


def test_one_that_failed_before_its_first_day_leaves_nothing(path: Path) -> None:
    """Such as for want of a region: the next one may be of another."""
    with pytest.raises(KeyboardInterrupt):
        list(Fetch(path, SPAN).go_on(CloudWatch(fails_at=0)))

    assert not path.exists()


def test_half_a_day_that_a_kill_left_is_asked_for_again(path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        list(Fetch(path, SPAN).go_on(CloudWatch(fails_at=2)))
    written = path.read_text()
    path.write_text(written[: len(written) - 1000])
    cloudwatch = CloudWatch()

    fetching = Fetch(path, SPAN)

    assert list(fetching.go_on(cloudwatch)) == [1, 2, 3]
    assert len(fetching.table().starts) == 3 * 1440


def test_one_whose_beginning_cloudwatch_has_forgotten_begins_anew(path: Path) -> None:
    list(Fetch(path, SPAN).go_on(CloudWatch()))
    later = Span("jobs", "eu-west-2", SPAN.start + KEPT, SPAN.end + KEPT)

    fetching = Fetch(path, later)

    assert fetching.span == later
    assert next(iter(fetching.go_on(CloudWatch()))) == 0


@pytest.mark.parametrize(
    "other",
    [
        Span("mails", "eu-west-2", SPAN.start, SPAN.end),
        Span("jobs", "us-east-1", SPAN.start, SPAN.end),
        Span("jobs", "eu-west-2", SPAN.start - DAY, SPAN.end),
    ],
)
def test_what_another_fetch_has_is_left_alone(path: Path, other: Span) -> None:
    list(Fetch(path, SPAN).go_on(CloudWatch()))
    before = path.read_text()

    with pytest.raises(TraceError, match="what another fetch has so far: 3 d of jobs in eu-west-2"):
        Fetch(path, other)

    assert path.read_text() == before


@pytest.mark.parametrize(
    "content", [b"a trace\nof lines\n", b"[1]\n", b'{"queue":"jobs"}\n', b"5\n", b"\xff\xfe\n"]
)
def test_a_file_that_is_something_else_is_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(TraceError, match="is no part of a fetch; move it, or name another file"):
        Fetch(path, SPAN)

    assert path.read_bytes() == content


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="cannot be used: No such file or directory"):
        list(Fetch(tmp_path / "nowhere" / "t.part", SPAN).go_on(CloudWatch()))


def test_a_queue_that_cloudwatch_knows_nothing_of_is_a_mistake(path: Path) -> None:
    fetching = Fetch(path, SPAN)

    def nothing(start: float, end: float) -> list[Row]:
        return [(minute, *[None] * 6) for minute in np.arange(start, end, 60).tolist()]

    list(fetching.go_on(nothing))
    with pytest.raises(TraceError, match="CloudWatch knows nothing of a queue jobs in eu-west-2"):
        fetching.table()


def test_what_it_notes_is_lines_of_json(path: Path) -> None:
    list(Fetch(path, SPAN).go_on(CloudWatch()))

    first, *days = map(json.loads, path.read_text().splitlines())
    assert first == {"queue": "jobs", "region": "eu-west-2", "start": SPAN.start, "end": SPAN.end}
    assert [len(day) for day in days] == [1440, 1440, 1440]
