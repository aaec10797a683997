"""A bad trace: one sentence that names the file, the line, and what to do."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autoscaler.core.errors import AutoscalerError
from autoscaler.simulation.traces import TraceError, building, gathering, read_table, read_trace
from autoscaler.simulation.traces import blocks as blocks_of_files

Write = Callable[..., Path]

HEAD = "arrival_s,work_s\n0,1\n"

MISTAKES = {
    "unsorted": (HEAD + "9,1\n8.5,1\n", ":4: arrival_s falls to 8.5; sort the rows by arrival_s"),
    "negative time": ("arrival_s\n-1\n", ":2: arrival_s is -1; it cannot be below 0"),
    "negative work": (HEAD + "1,-3\n", ":3: work_s is -3; it cannot be below 0"),
    "NaN": (HEAD + "nan,1\n", ":3: arrival_s is empty or not a number; every row needs one"),
    "work left out": (HEAD + "1,\n", ":3: work_s is empty or not a number; every row needs one"),
    "after blanks": ("arrival_s\n5\n\n \n1\n", ":5: arrival_s falls to 1; sort the rows"),
    "infinite": (HEAD + "1,inf\n", ":3: work_s is infinite"),
    "words": (HEAD + "1,soon\n", ":3: work_s is 'soon', which is no number"),
    "a decimal comma": (HEAD + "1,5,3\n", ":3: it has 3 columns and the header has 2"),
    "a short row": (HEAD + "1\n", ":3: it has 1 columns and the header has 2"),
    "epoch seconds": (
        "arrival_s\n1700000000\n",
        ":2: arrival_s is 1700000000; write seconds since",
    ),
    "no header": ("0,1\n1,1\n", ":1: the columns are 0, 1, which are no trace's: name them"),
    "wrong columns": ("time,load\n0,1\n", "the columns are time, load, which are no trace's"),
    "both kinds": ("arrival_s,t_s,count\n0,0,1\n", "which are no trace's"),
    "semicolons": ("arrival_s;work_s\n0;1\n", "the columns are arrival_s;work_s, which are no"),
    "a column twice": ("arrival_s,arrival_s\n0,1\n", ":1: there are two columns arrival_s"),
    "old Mac lines": ("arrival_s\n0\r1\r2\n", ":2:"),
    "an open quote": (HEAD + '1,"2\n3,4\n', ":4: work_s is '23,4', which is no number"),
    "no rows": ("arrival_s,work_s\n", "has a header and no rows; a trace needs one at least"),
    "only remarks": ("# seconds: 5\n", "has no header; its first line should be like"),
    "blank": ("\n\n", "has no header"),
    "empty": ("", "is empty; the first line of a trace should be a header"),
    "half a message": ("t_s,count\n0,1.5\n", ":2: count is 1.5; write whole messages"),
    "a bin twice": ("t_s,count\n0,1\n0,2\n", ":3: t_s 0 is there twice; add their counts"),
    "negative count": ("t_s,count\n0,1\n60,-2\n", ":3: count is -2; it cannot be below 0"),
    "bins unsorted": ("t_s,count\n60,1\n0,2\n", ":3: t_s falls to 0; sort the rows by t_s"),
    "a strange length": ("# seconds: long\n" + HEAD, ":1: seconds is  long; write seconds from 0"),
    "too short": (
        "# seconds: 5\narrival_s\n0\n9\n",
        "says that it is 5 s long, and has a row at 9",
    ),
    "no JSON": ('{"arrival_s":0}\n{"arrival_s"\n', ":2: it is no JSON ("),
    "JSON arrays": ('{"arrival_s":0}\n[1]\n', ":2: it is no JSON object; write one on each line"),
    "two on a line": ('{"arrival_s":0} {"arrival_s":1}\n', ":1: it is no JSON ("),
    "deep JSON": ("{" + '"a":[' * 100_000 + "\n", ":1: it is no JSON ("),
    "JSON text": ('{"arrival_s":"0"}\n', ":1: arrival_s is '0', which is no number"),
    "JSON truth": ('{"arrival_s":true}\n', ":1: arrival_s is True, which is no number"),
    "JSON null": (
        '{"arrival_s":0}\n{"arrival_s":null}\n',
        ":2: arrival_s is empty or not a number",
    ),
    "JSON huge": ('{"arrival_s":1' + "0" * 400 + "}\n", ":1: arrival_s is 1000"),
    "JSON NaN": ('{"arrival_s":NaN}\n', ":1: arrival_s is empty or not a number"),
    "other JSON": ('{"a":1}\n', ":1: the columns are a, which are no trace's"),
    "only a JSON head": ('{"seconds":5}\n', ":1: the columns are none, which are no trace's"),
}


@pytest.mark.parametrize(("text", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_line(write: Write, text: str, says: str) -> None:
    path = write(text)

    with pytest.raises(TraceError) as told:
        read_trace(path)

    assert isinstance(told.value, AutoscalerError)
    assert str(told.value).startswith(str(path))
    assert says in str(told.value)


@pytest.mark.parametrize("size", [16, 1 << 20])
def test_the_line_is_right_in_whichever_block_it_is(
    write: Write, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks_of_files, "BLOCK", size)
    rows = [f"{n},1" for n in range(300)]
    rows[200], rows[100] = "199,x", ""
    with pytest.raises(TraceError, match=r":202: work_s is 'x'"):
        read_trace(write("arrival_s,work_s\n" + "\n".join(rows)))


class TestFiles:
    def test_one_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(TraceError, match=r"none\.csv cannot be read: No such file"):
            read_trace(tmp_path / "none.csv")

    def test_a_directory(self, tmp_path: Path) -> None:
        with pytest.raises(TraceError, match="cannot be read: Is a directory"):
            read_trace(tmp_path)

    def test_one_that_may_not_be_read(self, write: Write) -> None:
        path = write(HEAD)
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("this user may read everything")
        with pytest.raises(TraceError, match="cannot be read: Permission denied"):
            read_trace(path)

    def test_a_packed_one_that_was_cut_short(self, write: Write) -> None:
        path = write(HEAD + "".join(f"{n},{n * 7919 % 1000}\n" for n in range(5000)), "a.csv.gz")
        path.write_bytes(path.read_bytes()[:-2000])

        with pytest.raises(TraceError, match=r"a\.csv\.gz:\d+: the gzip file was cut short here"):
            read_trace(path)

    def test_a_packed_one_that_is_damaged(self, write: Write) -> None:
        packed = bytearray(gzip.compress(HEAD.encode() * 500))
        packed[-6] ^= 1  # in its checksum
        with pytest.raises(TraceError, match=r":1: the gzip file is damaged \(CRC check failed"):
            read_trace(write(bytes(packed)))
        packed[20] ^= 255
        with pytest.raises(TraceError, match="the gzip file is"):
            read_trace(write(bytes(packed)))

    @pytest.mark.parametrize(
        ("content", "line"),
        [
            (HEAD.encode("utf-16"), 1),
            (HEAD.encode() + b"1,2 \xe9\n", 3),
            (bytes(range(128, 256)), 1),
        ],
        ids=["UTF-16", "Latin-1", "a picture"],
    )
    def test_one_that_is_not_utf_8(self, write: Write, content: bytes, line: int) -> None:
        with pytest.raises(TraceError, match=rf":{line}: it is not UTF-8 text; save the file as"):
            read_trace(write(content))

    def test_one_line_without_end(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        """Such as a packed file of nothing but zeros: it must not be unpacked into memory."""
        monkeypatch.setattr(blocks_of_files, "LONGEST_LINE", 1000)
        monkeypatch.setattr(blocks_of_files, "BLOCK", 600)

        with pytest.raises(TraceError, match=":2: it is longer than 1,000 bytes: no trace"):
            read_trace(write("arrival_s\n" + "0" * 100_000, "a.csv.gz"))


class TestTooMany:
    def test_rows(self, write: Write) -> None:
        path = write("arrival_s\n" + "1\n" * 101)

        assert len(read_table(write("arrival_s\n" + "1\n" * 100, "b.csv"), most=100).columns) == 1
        with pytest.raises(TraceError) as told:
            read_table(path, most=100)

        assert str(told.value) == (
            f"{path} has more than 100 rows, too many to replay at once; take a stretch of it with "
            "`autoscaler trace cut`, or a share with `autoscaler trace thin`"
        )

    def test_messages(self, write: Write) -> None:
        path = write("t_s,count\n0,6000000\n60,4000001\n", "w.csv")

        assert gathering.MOST_ROWS == building.MOST_ROWS == 10_000_000
        with pytest.raises(TraceError, match=r"w has more than 10,000,000 messages \(10,000,001\)"):
            read_trace(path)
