"""What a user may set, and how it is written."""

from __future__ import annotations

import pytest

from autoscaler.local import LocalSettings, TaskDelays
from autoscaler.local.durations import seconds_from


@pytest.mark.parametrize(
    ("text", "seconds"), [("3s", 3), ("500ms", 0.5), ("1m", 60), ("2.5", 2.5), (" 1 h ", 3600)]
)
def test_a_duration_is_read_as_people_write_it(text: str, seconds: float) -> None:
    assert seconds_from(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-1s", "3 days", "1m30s"])
def test_what_is_no_duration_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match="write it like 3s"):
        seconds_from(text)


def test_a_start_up_is_shared_between_provisioning_and_pull() -> None:
    delays = TaskDelays.start_up(3)
    assert delays.provisioning + delays.pull == pytest.approx(3)


def test_delays_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        TaskDelays(pull=-1)


@pytest.mark.parametrize("early", [30.0, -60.0])
def test_metrics_are_early_by_whole_minutes_only(early: float) -> None:
    with pytest.raises(ValueError, match="by whole minutes only"):
        LocalSettings(metrics_early=early)


def test_the_metrics_period_cannot_be_0() -> None:
    with pytest.raises(ValueError, match="longer than 0"):
        LocalSettings(metrics_period=0)
