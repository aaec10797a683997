"""What is read from a trace's file, in each of its forms."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autoscaler.simulation.trace import MONDAY
from autoscaler.simulation.traces import Counts, Cut, Events, Thin, read_table, read_trace, writing
from autoscaler.simulation.traces import blocks as blocks_of_files

Write = Callable[..., Path]

EVENTS = "arrival_s,work_s\n0.0,30\n1.5,2.25\n1.5,4\n"
COUNTS = "t_s,count\n0,3\n60,0\n120,5\n"


class TestEvents:
    def test_each_row_is_a_message_with_its_work(self, write: Write) -> None:
        trace = read_trace(write(EVENTS, "jobs.csv"))

        assert (trace.name, len(trace), trace.starts_at) == ("jobs", 3, MONDAY)
        assert trace.arrivals.tolist() == [0.0, 1.5, 1.5]
        assert trace.work is not None
        assert trace.work.tolist() == [30.0, 2.25, 4.0]

    def test_it_lasts_until_the_end_of_the_last_arrivals_second(self, write: Write) -> None:
        assert read_trace(write(EVENTS)).seconds == 2.0
        assert read_trace(write("arrival_s\n7\n")).seconds == 8.0

    def test_without_work_the_trace_does_not_tell_it(self, write: Write) -> None:
        assert read_trace(write("arrival_s\n0\n1\n")).work is None

    def test_columns_are_found_by_name_wherever_they_are(self, write: Write) -> None:
        trace = read_trace(write("batch,work_s , arrival_s\na,5,0\nb,6,2\n"))

        assert trace.arrivals.tolist() == [0.0, 2.0]
        assert trace.work is not None
        assert trace.work.tolist() == [5.0, 6.0]

    @pytest.mark.parametrize(
        "text",
        [
            "\ufeff" + EVENTS,
            EVENTS.replace("\n", "\r\n"),
            EVENTS.replace("\n", "\n\n"),
            EVENTS.replace("30", '"30"'),
            EVENTS.removesuffix("\n"),
            "# a remark: of somebody\n\n" + EVENTS.replace("\n1.5,2", "\n# and one more\n1.5,2"),
            EVENTS.replace(",", " , "),
        ],
        ids=["mark", "windows", "blank lines", "quotes", "no last newline", "remarks", "spaces"],
    )
    def test_the_same_text_as_other_programs_write_it_is_the_same_trace(
        self, write: Write, text: str
    ) -> None:
        assert read_trace(write(text)).digest == read_trace(write(EVENTS, "plain.csv")).digest

    def test_blank_lines_are_no_rows(self, write: Write) -> None:
        assert read_trace(write("arrival_s\n0\n\n \n1\n")).arrivals.tolist() == [0.0, 1.0]

    def test_packed_files_are_told_by_their_bytes_and_not_by_their_name(self, write: Write) -> None:
        packed = write(EVENTS, "a.csv.gz")
        renamed = packed.rename(packed.with_name("a.txt"))

        assert read_trace(renamed).digest == read_trace(write(EVENTS)).digest

    def test_work_above_twelve_hours_is_clipped_and_told(self, write: Write) -> None:
        trace = read_trace(write("arrival_s,work_s\n0,50000\n1,6800\n2,43200\n"))

        assert trace.work is not None
        assert trace.work.tolist() == [43200.0, 6800.0, 43200.0]
        [note] = trace.notes
        assert note.startswith("Clipped: 1 of 3 messages, with 50% of all work")
        assert note.endswith("7% of all work is cut off.")


class TestCounts:
    def test_messages_are_spread_inside_their_bins(self, write: Write) -> None:
        trace = read_trace(write(COUNTS))

        assert np.histogram(trace.arrivals, [0, 60, 120, 180])[0].tolist() == [3, 0, 5]
        assert (np.diff(trace.arrivals) >= 0).all()
        assert trace.seconds == 180.0
        assert trace.work is None
        assert trace.notes == ("Spread: counts, evenly inside bins of 1 min, seed 0.",)

    def test_evenly(self, write: Write) -> None:
        arrivals = read_trace(write("t_s,count\n0,20000\n300,20000\n")).arrivals

        inside = np.histogram(arrivals % 300, bins=10, range=(0, 300))[0]
        assert inside.min() > 3700
        assert inside.max() < 4300

    def test_a_seed_gives_the_same_again_and_another_gives_another(self, write: Write) -> None:
        path = write(COUNTS)

        assert read_trace(path, seed=3).digest == read_trace(path, seed=3).digest
        assert read_trace(path, seed=3).digest != read_trace(path, seed=4).digest

    def test_the_width_of_a_bin_is_the_usual_step_and_a_gap_stays_empty(self, write: Write) -> None:
        trace = read_trace(write("t_s,count\n0,5\n300,5\n600,5\n3600,5\n"))

        assert np.histogram(trace.arrivals, [0, 900, 3600, 3900])[0].tolist() == [15, 0, 5]
        assert "Unknown: 9 bins (69.2% of the time)" in trace.notes[1]

    def test_what_is_blank_is_unknown_and_told(self, write: Write) -> None:
        table = read_table(write("t_s,count\n0,3\n60,\n120,nan\n180,1\n"))
        trace = read_trace(write("t_s,count\n0,3\n60,\n120,nan\n180,1\n"))

        assert np.isnan(table.columns["count"]).tolist() == [False, True, True, False]
        assert len(trace) == 4
        assert "Unknown: 2 bins (50.0% of the time)" in trace.notes[1]

    def test_a_minute_with_a_depth_and_no_count_of_sends_had_none(self, write: Write) -> None:
        """AWS reports what was sent only of minutes in which something was."""
        table = read_table(write("t_s,count,visible\n0,3,0\n60,,2\n120,,\n"))

        assert isinstance(table, Counts)
        assert table.silent.tolist() == [0.0, 0.0, 1.0]


class TestJsonLines:
    def test_the_keys_are_the_columns(self, write: Write) -> None:
        lines = ['{"arrival_s": 0, "work_s": 30}', "", '{"work_s":2.25,"arrival_s":1.5,"x":[1]}']

        table = read_table(write("\n".join(lines), "t.jsonl"))

        assert isinstance(table, Events)
        assert table.arrivals.tolist() == [0.0, 1.5]
        assert table.work is not None
        assert table.work.tolist() == [30.0, 2.25]

    def test_unknown_counts_are_null_or_left_out(self, write: Write) -> None:
        lines = ['{"t_s":0,"count":null}', '{"t_s":60,"count":2,"deleted":1}', '{"t_s":120}']
        lines = [lines[1].replace("60", "0"), '{"t_s":60,"count":null}', '{"t_s":120}']

        table = read_table(write("\n".join(lines), "t.jsonl.gz"))

        assert np.isnan(table.columns["count"]).tolist() == [False, True, True]
        assert np.isnan(table.columns["deleted"]).tolist() == [False, True, True]

    def test_a_first_object_may_tell_of_the_trace(self, write: Write) -> None:
        head = json.dumps({"starts_at": 1e9, "seconds": 100, "notes": ["Thinned."]})

        trace = read_trace(write(head + '\n{"arrival_s":1}\n', "t.jsonl"))

        assert (trace.starts_at, trace.seconds, trace.notes) == (1e9, 100.0, ("Thinned.",))
        assert trace.arrivals.tolist() == [1.0]


def test_lines_before_the_header_may_tell_of_the_trace(write: Write) -> None:
    head = "# starts_at: 1000000000\n# seconds: 100\n# note: Cut: from 1 d.\n"

    trace = read_trace(write(head + EVENTS))

    assert (trace.starts_at, trace.seconds, trace.notes) == (1e9, 100.0, ("Cut: from 1 d.",))


def test_a_trace_without_a_message_is_one_if_it_says_how_long_it_is(write: Write) -> None:
    trace = read_trace(write("# seconds: 3600\narrival_s,work_s\n"))

    assert (len(trace), trace.seconds) == (0, 3600.0)


@pytest.mark.parametrize("size", [1, 7, 64])
@pytest.mark.parametrize("text", [EVENTS, COUNTS, '{"arrival_s":0}\n{"arrival_s":2}\n'])
def test_however_the_file_falls_into_blocks_the_trace_is_the_same(
    write: Write, text: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(text * 1)
    whole = read_trace(path)

    monkeypatch.setattr(blocks_of_files, "BLOCK", max(size, 12))
    assert read_trace(path).digest == whole.digest


class TestSieves:
    """A part can be taken while a file is read, and is what it would be of the whole."""

    @pytest.fixture
    def path(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(blocks_of_files, "BLOCK", 64)
        rows = "".join(f"{n},{n % 7}\n" for n in range(500))
        return write("arrival_s,work_s\n" + rows)

    def test_a_stretch(self, path: Path) -> None:
        table = read_table(path, sieve=Cut(100, 200))

        assert isinstance(table, Events)
        assert table.arrivals.tolist() == list(range(100))
        assert (table.about.seconds, table.about.starts_at) == (100.0, MONDAY + 100)
        assert table.about.notes == ("Cut: from 1 min 40 s to 3 min 20 s of it.",)

    def test_what_comes_after_a_stretch_is_not_even_read(self, path: Path) -> None:
        path.write_text(path.read_text() + "this is no row\n")

        assert len(read_trace(path, sieve=Cut(0, 100))) == 100

    def test_a_stretch_of_a_file_with_too_many_rows(self, path: Path) -> None:
        assert len(read_table(path, sieve=Cut(100, 200), most=100).columns["arrival_s"]) == 100

    def test_a_share(self, path: Path) -> None:
        in_blocks = read_trace(path, sieve=Thin(0.3, seed=5))
        kept = Thin(0.3, seed=5).sift()({"arrival_s": read_trace(path).arrivals})

        assert in_blocks.arrivals.tolist() == kept["arrival_s"].tolist()
        assert 100 < len(in_blocks) < 200


def test_what_was_written_halfway_is_not_there(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = read_trace(write(EVENTS))
    target = tmp_path / "old.csv"
    target.write_text("what was there")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_texts", full)
    with pytest.raises(writing.TraceError, match=r"old\.csv cannot be written: No space left"):
        writing.write_trace(trace, target)

    assert target.read_text() == "what was there"
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["old.csv", "trace.csv"]
