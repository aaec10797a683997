"""Lines of records, one at a time, however long a line or a file is."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from autoscaler.core.errors import RecordUnreadableError
from autoscaler.telemetry.record_lines import lines

TEXT = b"one\ntwo\n\nlast"


@pytest.mark.parametrize("content", [TEXT, gzip.compress(TEXT, mtime=0)], ids=["plain", "packed"])
def test_a_file_is_read_line_by_line_packed_or_not(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "records"
    file.write_bytes(content)
    assert [line.strip() for line in lines(str(file))] == ["one", "two", "", "last"]


def test_a_line_that_is_too_long_is_cut_and_the_next_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "records"
    file.write_bytes(b"a" * 25 + b"\nnext\n" + b"b" * 10 + b"\nlast\n")
    assert list(lines(str(file), longest=10)) == ["a" * 10, "next\n", "b" * 10, "last\n"]


def test_a_directory_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordUnreadableError, match="cannot be read: Is a directory"):
        list(lines(str(tmp_path)))
