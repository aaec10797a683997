"""What was worked out once is found again, and only while it is true."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.tiny_schedules import tiny_trace

from autoscaler.simulation.bound import bounds, clairvoyant, keeping, lower_bound

TRACE = tiny_trace(np.array([0.0, 5.0, 20.0]), np.array([30.0, 50.0, 20.0]))


def _never(*_: object, **__: object) -> float:
    raise AssertionError("worked out again")


def test_both_are_what_they_are_without_a_cache(tmp_path: Path) -> None:
    found = bounds(TRACE, 2, 30.0, directory=tmp_path)
    assert found.least_seconds == lower_bound(TRACE, 2, 30.0)
    assert found.schedule.billed_seconds == clairvoyant(TRACE, 2, 30.0).billed_seconds


def test_the_second_time_nothing_is_worked_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bounds(TRACE, 2, 30.0, directory=tmp_path)
    monkeypatch.setattr(keeping, "lower_bound", _never)
    monkeypatch.setattr(keeping, "clairvoyant", _never)
    again = bounds(TRACE, 2, 30.0, directory=tmp_path)
    assert again.least_seconds == first.least_seconds
    assert again.schedule.starts.tolist() == first.schedule.starts.tolist()


@pytest.mark.parametrize("change", ["trace", "slots", "promise", "start-up", "program"])
def test_whatever_it_depends_on_makes_another_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    bounds(TRACE, 2, 30.0, directory=tmp_path)
    if change == "program":
        monkeypatch.setattr(keeping, "source_digest", lambda: "another")
    trace = tiny_trace(TRACE.arrivals, np.array([30.0, 50.0, 21.0]))
    bounds(
        trace if change == "trace" else TRACE,
        3 if change == "slots" else 2,
        31.0 if change == "promise" else 30.0,
        start_up_billed=10.0 if change == "start-up" else 20.0,
        directory=tmp_path,
    )
    assert len(list(tmp_path.glob("*/*.npz"))) == 4


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 half", b"nonsense", None])
def test_a_damaged_entry_is_worked_out_anew(tmp_path: Path, damage: bytes | None) -> None:
    first = bounds(TRACE, 2, 30.0, directory=tmp_path)
    files = sorted(tmp_path.glob("*/*.npz"))
    for file in files:
        file.write_bytes(file.read_bytes()[:-40] if damage is None else damage)
    assert bounds(TRACE, 2, 30.0, directory=tmp_path).least_seconds == first.least_seconds
    assert all(len(file.read_bytes()) > 100 for file in files)


def test_a_kept_schedule_that_breaks_a_rule_is_not_believed(tmp_path: Path) -> None:
    first = bounds(TRACE, 2, 30.0, directory=tmp_path)
    for file in tmp_path.glob("*/*.npz"):
        with np.load(file) as arrays:
            changed = dict(arrays)
        if "starts" in changed:
            np.savez(file, **{**changed, "starts": changed["starts"] + 100.0})
    again = bounds(TRACE, 2, 30.0, directory=tmp_path)
    assert again.schedule.starts.tolist() == first.schedule.starts.tolist()


def test_no_unfinished_file_is_left(tmp_path: Path) -> None:
    bounds(TRACE, 2, 30.0, directory=tmp_path)
    assert not list(tmp_path.glob("*/unfinished-*"))
