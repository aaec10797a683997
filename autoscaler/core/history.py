"""What a queue's arrivals were at each hour of the week: kept small, in a policy's notes.

Of each of the 168 hours of a week it keeps two numbers a week, for the last four weeks: the
messages a minute on average, and a high quantile of its minutes. Only the hour under way is kept
minute by minute. All of it is text, eight kilobytes of it for hundreds of messages a minute and
eleven for tens of thousands, so that notes are quickly copied and compared, and only the hours that
are asked for are read.

Hours are those that the clocks of a place show: what people do keeps to them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from autoscaler.core.model import Minute
from autoscaler.core.periods import HOUR
from autoscaler.core.wallclock import NAMES

WEEKS = 4
"""Kept of each hour."""
QUANTILE = 0.98
"""Of an hour's minutes: all but the busiest."""
LEAST_MINUTES = 30
"""An hour of which fewer are known is not kept."""
FORGOTTEN = 4 * 7 * 24 * HOUR
"""Seconds without a minute after which all that came before is of another time."""
RECENT = 5
"""Minutes, the newest known, that tell what arrives now; they come one to three minutes late."""
LATE = 600.0
"""Seconds after which a known minute tells nothing of now."""
BUSY_MOST = 0.85
"""Share of their time that slots are busy at most: beyond it waits grow without an end to them."""
_MOST = 1e12
"""More than any count."""
_WEEK = 168
_MONDAY = 96
"""The hour of the week, from Thursday on, at which Mondays begin: the epoch was a Thursday."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an hour of the week was like in the weeks that are kept; messages a minute."""

    weeks: int = 0
    """How many; none where the hour is unknown."""
    mean: float = 0.0
    """Of the busiest of them."""
    high: float = 0.0
    """What all but one minute of the busiest of them stayed within."""

    def slots(self, work: float, max_age: float) -> float:
        """Slots that start its messages within ``max_age`` seconds, at ``work`` seconds each.

        Those of a busy minute, or of as long as a message takes if that is longer, may be started
        up to the promise after it. Over several minutes busy and quiet ones even out as far as
        chance does: by the root of how many they are.
        """
        over = max(60.0, work)
        minutes = over / 60.0
        burst = self.mean * minutes + (self.high - self.mean) * math.sqrt(minutes)
        return max(burst * work / (over + max_age), self.mean / 60.0 * work / BUSY_MOST)


@dataclass(frozen=True)
class History:
    """A queue's arrivals by hour of the week."""

    through: float = 0.0
    """End of the newest minute that was taken in, in seconds since the epoch."""
    hour: int = 0
    """The hour under way, counted from the first of January 1970 on the clocks of the place."""
    minutes: str = ""
    """What was sent in each of its minutes that are known."""
    kept: Mapping[str, Any] | None = None
    """Of each hour of the week, mean and quantile of each week, the newest first."""

    def notes(self) -> dict[str, Any]:
        """As a policy's notes keep it."""
        own = {"through": self.through, "hour": self.hour, "minutes": self.minutes}
        return {**(self.kept or {}), **own}

    def at(self, time: float, zone: ZoneInfo) -> Expected:
        """What is known of the hour of the week that a time is in."""
        kept = (self.kept or {}).get(_name(_hour(time, zone)))
        weeks = _weeks(kept)
        if not weeks:
            return Expected()
        mean, high = (max(column) for column in zip(*weeks, strict=True))
        return Expected(len(weeks), mean, high)

    def told(self, time: float, zone: ZoneInfo, least: int) -> str:
        """What is known of an hour of the week, as the beginning of a sentence."""
        hour, name = self.at(time, zone), _shown(_hour(time, zone))
        if hour.weeks < least:
            return f"{name} is known of {hour.weeks} weeks, and {least} are needed"
        return f"{name} had up to {hour.high:.4g} messages a minute in {hour.weeks} weeks"


def read(notes: Mapping[str, Any] | None) -> History:
    """The history that notes hold; an empty one where they cannot be read."""
    kept = dict(notes or {})
    through, hour, minutes = (kept.pop(name, None) for name in ("through", "hour", "minutes"))
    sound = _is_number(through) and type(hour) is int and abs(hour) <= _MOST
    if not sound or not isinstance(minutes, str) or _numbers(minutes) is None:
        return History()
    return History(through, hour, minutes, kept)


def grown(before: History, told: Iterable[Minute], zone: ZoneInfo) -> History:
    """The history with minutes that have come since; the very same where none has."""
    new = [one for one in told if one.sent is not None and one.ends_at > before.through]
    if not new:
        return before
    if new[0].ends_at - before.through > FORGOTTEN:
        before = History()
    kept, hour = before.kept, before.hour
    counts = _numbers(before.minutes) or []
    for minute in new:
        if (now := _hour(minute.ends_at - 60.0, zone)) != hour:
            kept, hour, counts = _with_hour(kept, hour, counts), now, []
        counts.append(min(minute.sent or 0.0, _MOST))
    return History(new[-1].ends_at, hour, " ".join([*map(_brief, counts)]), kept)


def recent(told: Iterable[Minute], now: float) -> Expected:
    """What the newest known minutes brought; nothing where none is known."""
    known = [one.sent for one in told if one.sent is not None and now - one.ends_at <= LATE]
    newest = known[-RECENT:]
    return Expected(0, sum(newest) / len(newest), max(newest)) if newest else Expected()


def hour_after(time: float, zone: ZoneInfo) -> float:
    """The next second at which an hour begins on the clocks there."""
    offset = _offset(time, zone)
    return ((time + offset) // HOUR + 1) * HOUR - offset


def _hour(time: float, zone: ZoneInfo) -> int:
    return int((time + _offset(time, zone)) // HOUR)


def _offset(time: float, zone: ZoneInfo) -> float:
    offset = datetime.fromtimestamp(time, zone).utcoffset()
    return offset.total_seconds() if offset else 0.0


def _name(hour: int) -> str:
    day, of_day = divmod((hour - _MONDAY) % _WEEK, 24)
    return f"{NAMES[day]} {of_day:02}"


def _shown(hour: int) -> str:
    """An hour of the week, such as ``Mon 09:00``."""
    return f"{_name(hour).capitalize()}:00"


def _with_hour(
    kept: Mapping[str, Any] | None, hour: int, counts: list[float]
) -> Mapping[str, Any] | None:
    """With the week of an hour that is over, if enough of it is known."""
    if len(counts) < LEAST_MINUTES:
        return kept
    mean, high = sum(counts) / len(counts), quantile(counts, QUANTILE)
    name = _name(hour)
    weeks = [(mean, high), *_weeks((kept or {}).get(name))][:WEEKS]
    return {**(kept or {}), name: " ".join([f"{_brief(one)}/{_brief(top)}" for one, top in weeks])}


def _brief(count: float) -> str:
    """Three digits and all that stand before the point."""
    return f"{count:.3g}" if count < 1000 else f"{count:.0f}"


def quantile(counts: Iterable[float], share: float) -> float:
    """The smallest of these that at least such a share of them stay within."""
    ordered = sorted(counts)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _weeks(text: object) -> list[tuple[float, float]]:
    """Mean and quantile of each week; none where they cannot be read."""
    numbers = _numbers(text.replace("/", " ")) if isinstance(text, str) else None
    if not numbers or len(numbers) % 2:
        return []
    return [*zip(numbers[::2], numbers[1::2], strict=True)][:WEEKS]


def _numbers(text: str) -> list[float] | None:
    """Counts in a text, none below zero or beyond all; None where there is anything else."""
    try:
        numbers = [float(one) for one in text.split()]
    except ValueError:
        return None
    return numbers if all(0 <= one <= _MOST for one in numbers) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MOST
