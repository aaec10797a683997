"""The simulated AWS as whoever scales a fleet in it sees it: counts, metrics, tasks, launches."""

from __future__ import annotations

import math
from collections import Counter

from autoscaler.core.pacing import Bucket
from autoscaler.core.record import Record
from autoscaler.core.tasks import Provider
from autoscaler.simulation.kernel import layout
from autoscaler.simulation.knobs import Knobs, is_within
from autoscaler.simulation.luck import Luck
from autoscaler.simulation.run import PROVIDERS
from autoscaler.simulation.scheduler import Scheduler
from autoscaler.simulation.stage import MINUTE, Stage
from autoscaler.simulation.told import MinuteSeen, QueueCounts, RunTaskError, TaskCounts
from autoscaler.simulation.trace import Trace

__all__ = ["MinuteSeen", "QueueCounts", "RunTaskError", "SimulatedAws", "TaskCounts"]

MOST_A_CALL = 10
"""Tasks that one RunTask takes [ECS RunTask]."""
MINUTE_FIELDS = layout.MINUTE.names or ()
SHORT = (
    "Capacity is unavailable at this time. "
    "Please try again later or in a different availability zone"
)
"""ECS's reason where Spot has no capacity (T13)."""


class SimulatedAws:
    """One queue, one fleet and a virtual clock. Times are seconds since the trace's start."""

    def __init__(self, trace: Trace, knobs: Knobs, seed: int) -> None:
        self.trace, self.knobs, self.seed = trace, knobs, seed
        self.stage = Stage(trace, knobs, seed)
        self.last = trace.seconds + knobs.drain
        self.api_calls: Counter[str] = Counter()
        self.launch_failures = 0
        self.records: list[Record] = []
        """Of our own controller's ticks, where it keeps them."""
        self.living: dict[int, int] = {}
        """Tasks that live and were not told to stop, oldest first, with what they do."""
        self.news: list[int] = []
        """Tasks of which something changed since whoever reads this emptied it."""
        self._starting = 0
        self._luck = Luck(knobs, seed)
        burst = float(knobs.launches.burst)
        full = Bucket(knobs.launches.per_second, burst, burst, 0.0)
        self._buckets = dict.fromkeys(PROVIDERS, full)
        self._seen_counts = [(-math.inf, 0, 0)]
        self._scheduler = Scheduler(self.stage, self.living, self._start)

    @property
    def now(self) -> float:
        """Seconds since the trace's start."""
        return self.stage.now

    # ---------------------------------------------------------------------------- the clock

    def pass_time(self, look: float) -> bool:
        """Let time pass until the next look; False: there is nothing left to look at.

        That is once all messages are done with after the trace's end, or ``drain`` later; the
        tasks that still live then leave before this returns.
        """
        lag = self.knobs.counts.lag
        if lag and self.now < look - lag:
            self._advance(look - lag)
        if lag:
            self._seen_counts.append((self.now, self.stage.visible, self.stage.in_flight))
        goes_on = self._advance(look)
        if goes_on and self.now >= self.stage.ends_at and self.stage.is_done:
            goes_on = self._advance(math.inf)
        return goes_on and self.now < self.last

    def _advance(self, look: float) -> bool:
        """False: the world is over."""
        until = min(look, self.last)
        if self.now < self.stage.ends_at < until and not self._go(self.stage.ends_at):
            return False
        return self._go(until)

    def _go(self, until: float) -> bool:
        stopped = self.stage.advance(until)
        self._take_notice()
        while stopped == layout.REPLACE:
            self._scheduler.make_up()
            stopped = self.stage.advance(until)
            self._take_notice()
        return stopped != layout.OVER

    def _take_notice(self) -> None:
        """Bring up to date what tasks do."""
        for number in self.stage.changes():
            phase = self.stage.phase(number)
            if self.living.get(number) == layout.STARTING:
                self._starting -= 1
            if phase == layout.WORKING:
                self.living[number] = phase
            else:
                self.living.pop(number, None)
            self.news.append(number)

    # -------------------------------------------------------------------------------- looks

    def count(self) -> QueueCounts:
        """The queue's counts, as late and as wrong as the knobs say."""
        self.api_calls["GetQueueAttributes"] += 1
        visible, in_flight = self._lagging()
        if self.knobs.counts.noise:
            visible = self._luck.blurred("visible", visible)
            in_flight = self._luck.blurred("in flight", in_flight)
        return QueueCounts(visible, in_flight)

    def _lagging(self) -> tuple[int, int]:
        lag = self.knobs.counts.lag
        if not lag:
            return self.stage.visible, self.stage.in_flight
        while len(self._seen_counts) > 1 and self._seen_counts[1][0] <= self.now - lag:
            self._seen_counts.pop(0)
        return self._seen_counts[0][1:]

    def minutes(self, last: int) -> list[MinuteSeen]:
        """Those of the newest ``last`` minutes that CloudWatch shows by now, oldest first."""
        self.api_calls["GetMetricData"] += 1
        newest = self.newest_minute
        return [
            self.minute(number)
            for number in range(max(0, newest - last), newest)
            if not self.is_gap(number)
        ]

    @property
    def newest_minute(self) -> int:
        """How many minutes CloudWatch could show by now."""
        shown = math.floor((self.now - self.knobs.metrics.lag) / MINUTE)
        return max(0, min(shown, self.stage.whole_minutes))

    def is_gap(self, number: int) -> bool:
        """Whether this minute never gets a datapoint."""
        return self._luck.is_gap(number)

    def minute(self, number: int) -> MinuteSeen:
        """One whole minute, by its number."""
        rows = self.stage.state.minutes
        row = dict(zip(MINUTE_FIELDS, rows[number].item(), strict=True))
        before = int(rows["arrived"][number - 1]) if number else 0
        sent = float(row.pop("arrived") - before)
        if math.isnan(row["oldest_age"]):
            row["oldest_age"] = None
        if not self.knobs.metrics.from_workers:
            row["busy_seconds"] = None
        return MinuteSeen(ends_at=(number + 1) * MINUTE, sent=sent, **row)

    def tasks(self) -> TaskCounts:
        """The living tasks."""
        self.api_calls["ListTasks"] += 1
        living = len(self.living)
        desired = living - self._scheduler.surplus
        return TaskCounts(self._starting, living - self._starting, desired)

    @property
    def desired(self) -> int:
        """What the service's desired count is; none was set yet: 0."""
        return self._scheduler.desired or 0

    # ----------------------------------------------------------------------------- launches

    def launch(self, count: int, provider: Provider = Provider.FARGATE) -> int:
        """RunTask: how many tasks of those asked for come up.

        Raises:
            RunTaskError: more than ten were asked for, or ECS turned the call away.
        """
        return len(self.run_task(count, provider))

    def run_task(self, count: int, provider: Provider, stay_until: float = -math.inf) -> list[int]:
        """The numbers of the tasks that come up; fewer than asked for where capacity is short.

        Raises:
            RunTaskError: as ``launch`` does.
        """
        self.api_calls["RunTask"] += 1
        if not 1 <= count <= MOST_A_CALL:
            self._turn_away(count, "InvalidParameterException", "count must be from 1 to 10")
        if self._luck.refuses(self.now):
            self._turn_away(count, "ServerException", "the call failed on ECS's side")
        granted, bucket = self._buckets[provider].take(count, self.now)
        if granted < count:
            self._turn_away(count, "ThrottlingException", "Rate exceeded")
        if self.is_short(provider):
            self.launch_failures += count
            return []
        self._buckets[provider] = bucket
        return [self._start(provider, stay_until) for _ in range(count)]

    def _turn_away(self, count: int, code: str, message: str) -> None:
        self.launch_failures += count
        raise RunTaskError(code, message)

    def is_short(self, provider: Provider) -> bool:
        """Whether there is no capacity now."""
        if provider is not Provider.FARGATE_SPOT:
            return False
        return is_within(self.knobs.spot.shortages, self.now)

    def _start(self, provider: Provider = Provider.FARGATE, stay_until: float = math.inf) -> int:
        number = self.stage.launched
        start = self._luck.start(number, provider, self.now, stay_until)
        self.living[number] = layout.STARTING
        self._starting += 1
        self.news.append(number)
        return self.stage.launch(PROVIDERS.index(provider), start)

    # ----------------------------------------------------------------------------- services

    def set_desired(self, count: int, *, protect: bool) -> None:
        """UpdateService: ECS keeps so many tasks, which never leave by themselves.

        Surplus ones are told to stop. ``protect``: they finish what they have in hand, however
        long it takes; else what the grace does not suffice for comes back.
        """
        self._count_update(count)
        grace = math.inf if protect else self.knobs.workers.grace
        self._scheduler.stop_any(count, grace)
        self._after_update()

    def set_desired_of_protected(self, count: int) -> None:
        """UpdateService of a service whose tasks protect themselves while they hold messages."""
        self._count_update(count)
        self._scheduler.stop_unprotected(count)
        self._after_update()

    def _count_update(self, count: int) -> None:
        if count != self._scheduler.desired:
            self.api_calls["UpdateService"] += 1

    def _after_update(self) -> None:
        self._take_notice()
        self._scheduler.make_up()
