"""Options that people read off a clock or a calendar: times of day, days, dates, time zones.

In configuration and in policies they stay the text that was written; the functions here read
it, or say in a sentence what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

MINUTES_A_DAY = 1440
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_DATE = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")
_DAY = "|".join(NAMES)
_DAYS = re.compile(f"({_DAY})(?:-({_DAY}))?")
_A_LEAP_YEAR = 2000  # so that 02-29 is a day


def minute_of(written: object) -> int:
    """The minute of the day that a text such as ``08:00`` names; ``24:00`` is its end, 1440.

    Raises:
        ValueError: with a sentence that shows the accepted form.
    """
    if written == "24:00":
        return MINUTES_A_DAY
    found = _TIME.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise ValueError(f'{_told(written)} is not a time of day; write one such as "08:00"')
    return int(found[1]) * 60 + int(found[2])


def days_of(written: object) -> frozenset[int]:
    """The days of the week, Monday 0, that a text such as ``mon-fri`` or ``sat,sun`` names.

    Raises:
        ValueError: with a sentence that shows the accepted form.
    """
    days: set[int] = set()
    for part in written.split(",") if isinstance(written, str) else [""]:
        found = _DAYS.fullmatch(part.strip())
        if found is None:
            forms = "write days such as mon-fri, sat or mon,wed,fri"
            raise ValueError(f"{_told(written)} are no days of the week; {forms}")
        start, end = NAMES.index(found[1]), NAMES.index(found[2] or found[1])
        length = (end - start) % 7 + 1
        days.update((start + n) % 7 for n in range(length))
    return frozenset(days)


def date_of(written: object) -> tuple[int | None, int, int]:
    """Year, month and day of a text such as ``2026-12-24``; without a year, of every year.

    Raises:
        ValueError: with a sentence that shows the accepted forms.
    """
    found = _DATE.fullmatch(written) if isinstance(written, str) else None
    if found:
        year = int(found[1]) if found[1] else None
        with suppress(ValueError):  # there is no 30 February
            day = date(_A_LEAP_YEAR if year is None else year, int(found[2]), int(found[3]))
            return year, day.month, day.day
    forms = "write one such as 12-24, or 2026-12-24 for one year alone"
    raise ValueError(f"{_told(written)} is not a date; {forms}")


@cache
def zone_of(name: object) -> ZoneInfo:
    """The time zone of this name in the IANA database.

    Raises:
        ValueError: with a sentence that names the nearest there is.
    """
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a region such as "Europe"
        near = get_close_matches(str(name), available_timezones(), n=1)
        hint = f"did you mean {near[0]}?" if near else "write one such as Europe/London or UTC"
        raise ValueError(f"there is no time zone {_told(name)}; {hint}") from None


@lru_cache(maxsize=1024)
def shown(at: float, zone: ZoneInfo) -> str:
    """What calendar and clock show there, such as ``Mon 2026-11-23 08:00 Europe/London``.

    Remembered: a window tells the same end at every tick until it comes.
    """
    wall = datetime.fromtimestamp(at, zone)
    minute = wall.isoformat(" ", "minutes")[: len("2026-11-23 08:00")]
    return f"{NAMES[wall.weekday()].capitalize()} {minute} {zone.key}"


def _told(written: object) -> str:
    return f'"{written}"' if isinstance(written, str) else str(written)


@dataclass(frozen=True, slots=True)
class _ReadBy:
    """Keeps the text that was written, once it has been read without complaint."""

    read: Callable[[object], object]
    pattern: str

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        del source, handler
        function = {"type": "no-info", "function": self._checked}
        return {"type": "function-plain", "function": function}

    def _checked(self, written: object) -> object:
        self.read(written)
        return written

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        del schema, handler
        return {"type": "string", "pattern": f"^{self.pattern}$"}


TimeOfDay = Annotated[str, _ReadBy(minute_of, rf"(?:{_TIME.pattern}|24:00)")]
"""Such as ``"08:00"``; in YAML it needs the quotes."""
_PART = rf"\s*{_DAYS.pattern}\s*"
Days = Annotated[str, _ReadBy(days_of, f"{_PART}(?:,{_PART})*")]
"""Such as ``mon-fri`` or ``sat,sun``."""
Date = Annotated[str, _ReadBy(date_of, _DATE.pattern)]
"""Such as ``2026-12-24``, or ``12-24`` of every year."""
TimeZone = Annotated[str, _ReadBy(zone_of, "[A-Za-z0-9_+/-]+")]
"""A name of the IANA database such as ``Europe/London``."""
