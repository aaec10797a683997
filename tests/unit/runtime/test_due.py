"""Which second a tick is due."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.records import record
from support.values import decision

from autoscaler.core.errors import ConfigurationError
from autoscaler.core.record import End
from autoscaler.runtime import due

NOON = 1_769_860_800  # 2026-01-31T12:00:00Z


@given(now=st.floats(0, 4e9), later=st.floats(0, 1), period=st.integers(1, 3600))
def test_all_moments_between_two_grid_seconds_share_one_tick_id(
    now: float, later: float, period: int
) -> None:
    start = due.regular(now, period)
    end_of_period = start + period * later * 0.999

    assert start <= now < start + period
    assert due.regular(end_of_period, period) == start


def test_looks_that_decisions_ask_for_are_booked_at_whole_seconds_and_never_too_early() -> None:
    records = [
        record(fleet="soon", decision=decision(look_again_at=NOON + 10.2)),
        record(fleet="at", decision=decision(look_again_at=float(NOON))),
        record(fleet="content", decision=decision()),
        record(fleet="undecided", decision=None, end=End.FAILED),
    ]

    assert due.booked(records) == {"soon": NOON + 11, "at": NOON}


@pytest.mark.trap("T11")
def test_a_scheduler_invocation_carries_its_scheduled_time() -> None:
    assert due.of_event({"scheduled_time": "2026-01-31T12:00:00Z"}, now=NOON + 50) == NOON


def test_a_rule_carries_its_time() -> None:
    event = {"source": "aws.events", "time": "2026-01-31T12:00:00Z"}

    assert due.of_event(event, now=NOON + 50) == NOON


def test_a_time_without_a_zone_is_utc() -> None:
    assert due.of_event({"time": "2026-01-31T12:00:00"}, now=0) == NOON


def test_an_invocation_without_a_time_is_a_manual_tick_of_this_second() -> None:
    assert due.of_event({}, now=NOON + 0.7) == NOON


def test_a_placeholder_that_was_never_filled_in_is_told() -> None:
    with pytest.raises(ConfigurationError, match="must be a time such as"):
        due.of_event({"scheduled_time": "<aws.scheduler.scheduled-time>"}, now=0)
