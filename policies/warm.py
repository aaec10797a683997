"""Warm: tasks that are ready in a window of time, or around the hours that are always busy.

A start-up is what nobody should wait for: where a promise is shorter than a tick and a start-up,
tasks must be there before the messages. They are launched so that they work when the window opens,
stay until it closes, however empty the queue, and are replaced before they leave. With ``peaks``
the queue's own history tells the hours, and the window says where to look for them.

It wants nothing itself: a policy that does stands beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from autoscaler.core import history, needs
from autoscaler.core.floors import Floor, hourly, ready_from, total
from autoscaler.core.history import History
from autoscaler.core.model import Advice, Observation
from autoscaler.core.needs import Need
from autoscaler.core.periods import HOUR
from autoscaler.core.units import AtLeast, AtMost, Duration
from autoscaler.core.wallclock import Days, TimeOfDay, TimeZone
from autoscaler.core.windows import Season, Window, window

LONGEST = 12 * HOUR
"""Seconds of busy hours in a row; what lasts longer is looked at again before they are over."""


@dataclass(frozen=True, slots=True)
class Peaks:
    """Hours of the week that the queue's history calls busy."""

    above: Annotated[float, AtLeast(0)]
    """Messages a minute; an hour is busy if its minutes, all but one, went up to more."""
    around: Duration = 0.0
    """Seconds before and after such an hour for which tasks are ready too."""
    weeks: Annotated[int, AtLeast(1), AtMost(history.WEEKS)] = 3
    """Weeks of an hour that must be known before anything is said of it."""

    def ends(self, kept: History, zone: ZoneInfo, start: float, ready: float) -> float | None:
        """When the busy hours end that touch a stretch of time; None: none of its hours is one."""
        at, last = start - self.around, ready + self.around
        while not self._is_busy(kept, at, zone):
            at = history.hour_after(at, zone)
            if at > last:
                return None
        while at <= last + LONGEST and self._is_busy(kept, at, zone):
            at = history.hour_after(at, zone)
        return at + self.around

    def _is_busy(self, kept: History, at: float, zone: ZoneInfo) -> bool:
        hour = kept.at(at, zone)
        return hour.weeks >= self.weeks and hour.high > self.above


@dataclass(frozen=True, slots=True)
class Warm:
    """So many tasks are ready while a window is open, or around predicted peaks in it."""

    tasks: Annotated[int, AtLeast(1)]
    """That stand ready, busy ones included."""
    days: Days = "mon-sun"
    """On which the window opens, such as ``mon-fri`` or ``sat,sun``."""
    from_: TimeOfDay = "00:00"
    """When they are ready."""
    to: TimeOfDay = "24:00"
    """When they may leave; at or before ``from``: of the next day."""
    timezone: TimeZone = "UTC"
    """Whose wall clock."""
    season: Season | None = None
    """The dates on which it opens; None: all year round."""
    peaks: Peaks | None = None
    """Only around these hours of it; None: all the time it is open."""
    start_up: Duration | None = None
    """Seconds from a launch to its first message. None: as it is learned."""

    microseconds: ClassVar = 200.0

    @property
    def needs(self) -> tuple[Need, ...]:
        """Nothing that it could not do without."""
        return (needs.price_if_known, needs.sent) if self.peaks else (needs.price_if_known,)

    def __post_init__(self) -> None:
        """Refuse a window that never opens."""
        self._window()

    def advise(self, seen: Observation) -> Advice:
        """While the window is open or is about to, a floor whose tasks stay until it closes."""
        span, ready = self._window(), ready_from(self.start_up, seen)
        opens, closes = span.next_open(seen.now)
        kept = self._history(seen)
        notes = kept.notes() if kept else None
        if opens is None or opens > ready:
            return Advice(why=f"The window is closed {span.told(opens)}.", notes=notes)
        until, why = closes, ""
        if self.peaks and kept:
            ends = self.peaks.ends(kept, span.zone, max(opens, seen.now), ready)
            why = kept.told(seen.now, span.zone, self.peaks.weeks)
            if ends is None:
                return Advice(why=f"{why}: no task is kept ready.", notes=notes)
            until, why = ends if closes is None else min(ends, closes), f"{why}: "
        floor = Floor(self.tasks, math.inf if until is None else until)
        at_least, stay = total([floor], seen, ready)
        tasks = f"{self.tasks} {'task is' if self.tasks == 1 else 'tasks are'} kept ready"
        why = f"{why}{tasks} {span.told(until)}{hourly(self.tasks, seen)}."
        return Advice(at_least=at_least, stay_until=stay, why=why, notes=notes)

    def _window(self) -> Window:
        return window(self.days, self.from_, self.to, self.timezone, self.season)

    def _history(self, seen: Observation) -> History | None:
        """The queue's history; None where nothing is asked of it."""
        if self.peaks is None:
            return None
        return history.grown(history.read(seen.notes), seen.reading.minutes, self._window().zone)
