"""What is kept of trials: whole or not at all, and damage is only work to be done again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.toy_trials import toy_scores

from autoscaler.core.errors import ConfigurationError
from autoscaler.simulation.compare.store import Folder, Forgetful

KEY = "ab" + 62 * "0"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    kept = Folder(tmp_path / "trials")
    kept.put(KEY, {"policy": "by-hand"}, toy_scores(100.0))
    return kept


def entry(tmp_path: Path) -> Path:
    (file,) = (tmp_path / "trials").rglob("*.json")
    return file


def test_what_was_kept_is_found_by_another_process(folder: Folder, tmp_path: Path) -> None:
    assert Folder(tmp_path / "trials").get(KEY) == toy_scores(100.0)


def test_what_was_not_kept_is_none(folder: Folder) -> None:
    assert folder.get("cd" + KEY[2:]) is None


def test_an_entry_says_for_people_what_it_is_about(folder: Folder, tmp_path: Path) -> None:
    assert json.loads(entry(tmp_path).read_text())["trial"] == {"policy": "by-hand"}


def test_nothing_unfinished_is_left(folder: Folder, tmp_path: Path) -> None:
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [entry(tmp_path)]


@pytest.mark.parametrize("length", [0, 1, 200, -1])
def test_a_truncated_entry_is_none(folder: Folder, tmp_path: Path, length: int) -> None:
    file = entry(tmp_path)
    file.write_text(file.read_text()[:length])
    assert folder.get(KEY) is None


@pytest.mark.parametrize(
    ("there", "instead"),
    [('"bill_task_seconds": 100.0', '"bill_task_seconds": 10.0'), ("{", "["), ("digest", "d")],
)
def test_an_altered_entry_is_none(folder: Folder, tmp_path: Path, there: str, instead: str) -> None:
    file = entry(tmp_path)
    assert there in file.read_text()
    file.write_text(file.read_text().replace(there, instead))
    assert folder.get(KEY) is None


def test_a_binary_entry_is_none_and_can_be_written_anew(folder: Folder, tmp_path: Path) -> None:
    entry(tmp_path).write_bytes(b"\xff\xfe\x00")
    assert folder.get(KEY) is None
    folder.put(KEY, {}, toy_scores(200.0))
    assert folder.get(KEY) == toy_scores(200.0)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="nothing can be kept there"):
        Folder(tmp_path / "file")


def test_the_forgetful_keeps_nothing() -> None:
    kept = Forgetful()
    kept.put(KEY, {}, toy_scores())
    assert kept.get(KEY) is None
