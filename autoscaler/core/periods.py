"""Hours, days and months on a calendar, in which money is counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

Per = Literal["hour", "day", "month"]

HOUR = 3600.0


def span(per: Per, at: float, zone: ZoneInfo) -> tuple[float, float]:
    """The first second of the hour, day or month that a second is in, and that of the next.

    Days and months begin at the first midnight of the zone, where the clocks show two, and at
    the end of the skip where they show none. Hours are whole hours of UTC everywhere.
    """
    if per == "hour":
        start = at // HOUR * HOUR
        return start, start + HOUR
    first = datetime.fromtimestamp(at, zone).date()
    following = first + timedelta(days=1)
    if per == "month":
        first = first.replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
    return _midnight(first, zone), _midnight(following, zone)


@lru_cache(maxsize=256)
def _midnight(day: date, zone: ZoneInfo) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()
