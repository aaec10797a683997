"""Traces are written as short as they can be read back the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autoscaler.simulation.trace import Trace
from autoscaler.simulation.traces import Counts, TraceError, read_table, write_table, write_trace
from autoscaler.simulation.traces.table import About

JOBS = Trace("jobs", np.array([0.0, 1.5, 7.0]), np.array([30.0, 2.25, 4.0]), 8.0)
NAN = float("nan")


def counts() -> Counts:
    columns = {
        "t_s": np.array([0.0, 60.0, 120.0]),
        "count": np.array([3.0, NAN, 0.0]),
        "visible": np.array([NAN, 1.5, 2.0]),
    }
    return Counts(About("jobs", 180.0), columns, 60.0)


def test_events_as_csv(tmp_path: Path) -> None:
    write_trace(JOBS, tmp_path / "t.csv")

    assert (tmp_path / "t.csv").read_text() == "arrival_s,work_s\n0.0,30.0\n1.5,2.25\n7.0,4.0\n"


def test_events_as_json_lines(tmp_path: Path) -> None:
    write_trace(Trace("t", np.array([0.0, 2.0]), None, 3.0), tmp_path / "t.jsonl")

    assert (tmp_path / "t.jsonl").read_text() == '{"arrival_s":0}\n{"arrival_s":2}\n'


def test_counts_with_what_is_unknown_left_open(tmp_path: Path) -> None:
    write_table(counts(), tmp_path / "t.csv")
    write_table(counts(), tmp_path / "t.jsonl")

    assert (tmp_path / "t.csv").read_text() == ("t_s,count,visible\n0,3,\n60,,1.5\n120,0,2\n")
    assert (tmp_path / "t.jsonl").read_text() == (
        '{"t_s":0,"count":3,"visible":null}\n'
        '{"t_s":60,"count":null,"visible":1.5}\n'
        '{"t_s":120,"count":0,"visible":2}\n'
    )


def test_what_rows_do_not_tell_stands_before_them(tmp_path: Path) -> None:
    trace = Trace("t", np.array([0.0]), None, 60.0, 1e9, ("Made:\nby hand.",))

    write_trace(trace, tmp_path / "t.csv")
    write_trace(trace, tmp_path / "t.jsonl")

    assert (tmp_path / "t.csv").read_text() == (
        "# starts_at: 1000000000.0\n# seconds: 60.0\n# note: Made: by hand.\narrival_s\n0\n"
    )
    first, _ = (tmp_path / "t.jsonl").read_text().splitlines()
    assert first == '{"starts_at": 1000000000.0, "seconds": 60.0, "notes": ["Made:\\nby hand."]}'


def test_the_same_trace_gives_the_same_bytes_whatever_the_file_is_called(tmp_path: Path) -> None:
    for name in ("a.csv.gz", "b.csv.gz"):
        write_trace(JOBS, tmp_path / name)

    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()


@pytest.mark.parametrize("name", ["t", "t.gz", "t.json", "t.txt", "t.csv.zip"])
def test_a_name_that_tells_no_format_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(TraceError, match=r"let the name end in one of \.csv, \.csv\.gz, \.jsonl"):
        write_trace(JOBS, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match=r"t\.csv cannot be written: No such file or directory"):
        write_trace(JOBS, tmp_path / "none" / "t.csv")


def test_a_name_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").mkdir()

    with pytest.raises(TraceError, match=r"t\.csv cannot be written: Is a directory"):
        write_trace(JOBS, tmp_path / "t.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_a_trace_of_counts_is_read_back_as_it_was(tmp_path: Path) -> None:
    write_table(counts(), tmp_path / "jobs.csv.gz")

    table = read_table(tmp_path / "jobs.csv.gz")

    assert table.about == counts().about
    for name, values in counts().columns.items():
        assert np.array_equal(table.columns[name], values, equal_nan=True)
