"""Windows of time on the wall clock of a place: weekly, seasonal or dated.

A window is open whenever the wall clock there shows a time inside it. So an hour that the clocks
skip in spring is no part of any window, and one that they show twice in autumn is part of it
twice. A window that ends at or before its start runs over midnight, and belongs to the day on
which it opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from autoscaler.core.wallclock import (
    Date,
    date_of,
    days_of,
    minute_of,
    shown,
    zone_of,
)

DAY = 86_400
_ONE_DAY = timedelta(days=1)
_EPOCH = date(1970, 1, 1)
_A_WEEK, _A_SEASON = 16, 366 * 9
"""Days ahead in which every week and every season comes round: a window may be skipped with the
hour it is in and come a week later, and 29 February may take eight years."""


@dataclass(frozen=True, slots=True)
class Season:
    """The dates on which a window may open, the first and the last included.

    Without years it comes back every year, and may run over New Year.
    """

    from_: Date
    """The first date, such as ``12-01`` or ``2026-12-01``."""
    to: Date
    """The last."""

    def __post_init__(self) -> None:
        first, last = date_of(self.from_), date_of(self.to)
        if (first[0] is None) is not (last[0] is None):
            raise ValueError("from and to must both have a year, or neither")
        if first[0] is not None and self.to < self.from_:
            raise ValueError(f"to, {self.to}, is before from, {self.from_}; swap them")


@dataclass(frozen=True, slots=True)
class _Dates:
    """A season as it was read."""

    first: tuple[int, int]
    last: tuple[int, int]
    years: tuple[date, date] | None = None
    """The very first and last date, where years were given."""

    def hold(self, day: date) -> bool:
        """Whether a window may open on this day."""
        if self.years:
            return self.years[0] <= day <= self.years[1]
        on = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= on <= self.last
        return on >= self.first or on <= self.last


@dataclass(frozen=True, slots=True)
class Window:
    """A window as it was read. Minutes are of the day; Monday is 0."""

    days: frozenset[int]
    start: int
    end: int
    zone: ZoneInfo
    dates: _Dates | None = None

    def is_open(self, at: float) -> bool:
        """Whether the wall clock shows a time inside the window at this second."""
        wall = datetime.fromtimestamp(at, self.zone)
        minute, today = wall.hour * 60 + wall.minute, wall.date()
        if self.start < self.end:
            return self.start <= minute < self.end and self.opens_on(today)
        return (minute >= self.start and self.opens_on(today)) or (
            minute < self.end and self.opens_on(today - _ONE_DAY)
        )

    def opens_on(self, day: date) -> bool:
        """Whether the window of this day, if not of every minute of it, is one of ours."""
        return day.weekday() in self.days and (self.dates is None or self.dates.hold(day))

    def changes_after(self, at: float) -> float | None:
        """The next second at which it opens or closes; None: it never does."""
        return self.state(at)[1]

    def state(self, at: float) -> tuple[bool, float | None]:
        """Whether it is open at this second, and the next second at which that changes."""
        is_open, today = False, int(at // DAY)
        for moment, open_then in _states(self, today):  # the day's first second is among them
            if moment <= at:
                is_open = open_then
            elif open_then is not is_open:
                return is_open, moment
        return is_open, _change_from(self, today + 1, is_open=is_open)

    def next_open(self, at: float) -> tuple[float | None, float | None]:
        """When it opens, this second if it is open, and when it closes then; None: never."""
        is_open, changes = self.state(at)
        if is_open:
            return at, changes
        return changes, None if changes is None else self.changes_after(changes)

    def told(self, changes: float | None) -> str:
        """How long it is as it is now, in words."""
        return "for good" if changes is None else f"until {self.wall(changes)}"

    def wall(self, at: float) -> str:
        """What calendar and clock there show, such as ``Mon 2026-11-23 08:00 Europe/London``."""
        return shown(at, self.zone)


@cache
def window(days: str, start: str, end: str, zone: str, season: Season | None = None) -> Window:
    """The window that these options describe.

    Raises:
        ValueError: an option cannot be read, or the window never opens; with a sentence.
    """
    read = Window(days_of(days), minute_of(start), minute_of(end), zone_of(zone), _dates(season))
    if read.start == read.end:
        raise ValueError(f"from and to are both {start}; leave both out for whole days")
    if read.dates and read.dates.years and not _ever_opens(read, *read.dates.years):
        raise ValueError(f"no day of the season is one of days, {days}, so it never opens")
    return read


def _dates(season: Season | None) -> _Dates | None:
    if season is None:
        return None
    (year, *first), (until, *last) = date_of(season.from_), date_of(season.to)
    years = (date(year, *first), date(until, *last)) if year and until else None
    return _Dates((first[0], first[1]), (last[0], last[1]), years)


def _ever_opens(read: Window, first: date, last: date) -> bool:
    week = (first + n * _ONE_DAY for n in range(7))
    return any(read.opens_on(day) for day in week if day <= last)


@lru_cache(maxsize=1024)
def _change_from(read: Window, day: int, *, is_open: bool) -> float | None:
    """The first change in a whole UTC day or those after it; remembered, as each tick asks."""
    for number in _days_to_look_at(read, day):
        if not (is_open or _may_open(read, number)):
            continue
        for moment, open_then in _states(read, number):
            if open_then is not is_open:
                return moment
    return None


def _days_to_look_at(read: Window, day: int) -> range:
    years = read.dates.years if read.dates else None
    if years is None:
        return range(day, day + (_A_SEASON if read.dates else _A_WEEK))
    first, last = ((one - _EPOCH).days for one in years)
    return range(max(day, first - 1), last + 4)  # a window of the last day ends on the next


def _may_open(read: Window, day: int) -> bool:
    """Whether any local day that shares a moment with this UTC day, or the night to it, counts."""
    middle = _EPOCH + day * _ONE_DAY
    return any(read.opens_on(middle + n * _ONE_DAY) for n in (-2, -1, 0, 1))


@lru_cache(maxsize=1024)
def _states(read: Window, day: int) -> tuple[tuple[int, bool], ...]:
    """Every second of a UTC day at which the window can change, and whether it is open then."""
    return tuple((moment, read.is_open(moment)) for moment in sorted(_moments(read, day)))


def _moments(read: Window, day: int) -> list[int]:
    moments: list[int] = []
    for start, end, offset in _stretches(read.zone, day * DAY, (day + 1) * DAY):
        moments.append(start)  # where the clocks change, anything can
        midnight = (start + offset) // DAY * DAY - offset
        for minute in (0, read.start, read.end):
            both = (midnight + minute * 60, midnight + DAY + minute * 60)
            moments.extend(moment for moment in both if start < moment < end)
    return moments


def _stretches(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The parts of a UTC day between which the clocks change, each with its offset from UTC.

    No place has ever changed its clocks twice within a day.
    """
    before, after = _offset(zone, start), _offset(zone, end - 1)
    if before == after:
        yield start, end, before
        return
    same, changed = start, end - 1
    while changed - same > 1:
        middle = (same + changed) // 2
        if _offset(zone, middle) == before:
            same = middle
        else:
            changed = middle
    yield start, changed, before
    yield changed, end, after


def _offset(zone: ZoneInfo, at: int) -> int:
    wall = datetime.fromtimestamp(at, zone).replace(tzinfo=UTC)
    return round(wall.timestamp()) - at
