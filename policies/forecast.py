"""Forecast: tasks that are there before the messages, as many as the hour of the week has needed.

The queue's own history tells how many messages a minute each hour of the week had in the last
weeks (``core/history.py``). As many tasks as keep the promise in the busiest of them are launched
so early that they work when the hour begins, and stay while the forecast holds. Where fewer weeks
are known than ``weeks`` it says nothing but that. Where more arrives than was foreseen, what the
newest minutes brought takes its place.

It wants nothing itself: a policy that does stands beside it, for what nobody foresaw. Figures and
limits: ``docs/policies/forecast.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from autoscaler.core import history, needs
from autoscaler.core.estimates import work_of
from autoscaler.core.floors import Floor, hourly, ready_from, total
from autoscaler.core.history import Expected, History
from autoscaler.core.model import Advice, Observation
from autoscaler.core.needs import Need
from autoscaler.core.units import AtLeast, AtMost, Duration, format_duration, rounded_up
from autoscaler.core.wallclock import TimeZone, zone_of

AHEAD = 6
"""Hours up to which tasks are told to stay, as long as the forecast does not fall."""
UNFORESEEN = 900.0
"""Seconds for which tasks stay that were launched for more than was foreseen."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """As many tasks ready as this hour of the week has needed in the last weeks."""

    max_age: Duration = 30.0
    """The promise: seconds a message may wait to be started."""
    slots: Annotated[int, AtLeast(1)] = 1
    """Messages a task works on at a time."""
    work: Duration | None = None
    """Seconds one slot needs for one message. None: as it is learned."""
    start_up: Duration | None = None
    """Seconds from a launch to its first message. None: as it is learned."""
    weeks: Annotated[int, AtLeast(1), AtMost(history.WEEKS)] = 3
    """Weeks of an hour that must be known before anything is said of it."""
    timezone: TimeZone = "UTC"
    """Whose clocks tell the hour of the week."""

    needs: ClassVar[tuple[Need, ...]] = (needs.price_if_known, needs.sent)
    microseconds: ClassVar = 200.0

    def __post_init__(self) -> None:
        """Refuse what would take no task at all."""
        if self.work == 0:
            raise ValueError("work is 0; write the seconds that one message takes, such as 2s")

    def advise(self, seen: Observation) -> Advice:
        """A floor of the tasks that are needed from now until a task of the next look works."""
        zone = zone_of(self.timezone)
        kept = history.grown(history.read(seen.notes), seen.reading.minutes, zone)
        notes = kept.notes()
        work = work_of(self.work, seen)
        if work is None:
            why = "What a message takes is not known yet; give it as work: 2s."
            return Advice(why=why, notes=notes)
        ahead = _Ahead(self, kept, zone, work)
        ready = ready_from(self.start_up, seen)
        floors = [*ahead.floors(seen.now, ready)]
        now = ahead.tasks(history.recent(seen.reading.minutes, seen.now))
        foreseen = max([floor.tasks for floor in floors], default=0)
        if now > foreseen and floors:
            floors.append(Floor(now, seen.now + UNFORESEEN))
        tasks = max([floor.tasks for floor in floors], default=0)
        why = f"{kept.told(seen.now, zone, self.weeks)}, {format_duration(work)} each"
        if not tasks:
            return Advice(why=f"{why}: no task is kept ready.", notes=notes)
        at_least, stay = total(floors, seen, ready)
        more = ", for what arrives now is more" if tasks > foreseen else ""
        why = f"{why}: {tasks} ready{more}{hourly(tasks, seen)}."
        return Advice(at_least=at_least, stay_until=stay, why=why, notes=notes)


class _Ahead:
    """What the history says of the hours to come."""

    def __init__(self, policy: Forecast, kept: History, zone: ZoneInfo, work: float) -> None:
        self._policy, self._kept, self._zone, self._work = policy, kept, zone, work

    def floors(self, start: float, ready: float) -> Iterator[Floor]:
        """For each hour of a stretch of time that is known, its tasks, and until when."""
        at = start
        while at <= ready:
            tasks = self._known(at)
            if tasks is not None:
                yield Floor(tasks, self._until(at, tasks))
            at = history.hour_after(at, self._zone)

    def tasks(self, hour: Expected) -> int:
        """How many it takes to keep the promise."""
        slots = hour.slots(self._work, self._policy.max_age)
        return rounded_up(slots / self._policy.slots)

    def _known(self, at: float) -> int | None:
        hour = self._kept.at(at, self._zone)
        return self.tasks(hour) if hour.weeks >= self._policy.weeks else None

    def _until(self, at: float, tasks: int) -> float:
        """The end of the hours in a row that need as many."""
        for _ in range(AHEAD):
            at = history.hour_after(at, self._zone)
            if (self._known(at) or 0) < tasks:
                break
        return at
