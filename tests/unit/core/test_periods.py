"""Hours, days and months begin and end where a calendar says so."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from autoscaler.core.periods import span


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("per", "moment", "zone", "start", "end"),
    [
        ("hour", "2026-06-01 10:59:59", "Asia/Kolkata", "2026-06-01 10:00", "2026-06-01 11:00"),
        ("day", "2026-06-01 22:59", "Europe/London", "2026-05-31 23:00", "2026-06-01 23:00"),
        ("day", "2026-06-01 23:00", "Europe/London", "2026-06-01 23:00", "2026-06-02 23:00"),
        ("day", "2026-03-29 12:00", "Europe/London", "2026-03-29 00:00", "2026-03-29 23:00"),
        ("day", "2026-10-25 12:00", "Europe/London", "2026-10-24 23:00", "2026-10-26 00:00"),
        ("month", "2026-06-30 23:30", "UTC", "2026-06-01 00:00", "2026-07-01 00:00"),
        ("month", "2026-12-31 23:30", "UTC", "2026-12-01 00:00", "2027-01-01 00:00"),
        ("month", "2026-02-10 00:00", "UTC", "2026-02-01 00:00", "2026-03-01 00:00"),
        ("month", "2026-01-31 00:00", "UTC", "2026-01-01 00:00", "2026-02-01 00:00"),
        # Havana's clocks skip the first hour of 8 March and show that of 1 November twice
        ("day", "2026-03-08 12:00", "America/Havana", "2026-03-08 05:00", "2026-03-09 04:00"),
        ("day", "2026-11-01 05:30", "America/Havana", "2026-11-01 04:00", "2026-11-02 05:00"),
    ],
)
def test_a_moment_is_in_its_period(per, moment, zone, start, end):
    assert span(per, at(moment), ZoneInfo(zone)) == (at(start), at(end))
