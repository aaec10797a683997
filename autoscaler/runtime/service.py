"""The standalone service: a tick each period, never two at once, late ones dropped.

Between two of them it looks again at fleets whose last decision asked for it, at that second.
"""

from __future__ import annotations

import logging
import math
import signal
import threading
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime

import structlog
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from autoscaler.runtime.due import regular

_log = structlog.get_logger("autoscaler")

SILENT_PERIODS = 5
"""Periods without a finished tick after which the service calls itself unhealthy."""

Tick = Callable[[int, Collection[str] | None], Mapping[str, int]]
"""Takes the due second and the fleets to look at, None: all; returns when which are to be looked at
again before their next regular tick, in seconds since the epoch."""


class Service:
    """Ticks until it is told to stop.

    ``missed`` is called for every tick that was dropped.
    """

    def __init__(
        self,
        tick: Tick,
        period: float,
        now: Callable[[], float],
        missed: Callable[[], None],
    ) -> None:
        self._tick, self._period, self._now, self._missed = tick, period, now, missed
        self._finished_at = now()
        self._stop = threading.Event()
        self._booked: dict[str, int] = {}
        self._scheduler = self._made()

    def run(self) -> None:
        """Tick now, then on the grid that all replicas share; return when stopped."""
        self._regular()
        self._scheduler.start()
        self._stop.wait()
        _log.info("stopping", why="asked to")
        self._scheduler.shutdown(wait=True)

    def stop(self, *_: object) -> None:
        """Finish the tick that runs, then end ``run``."""
        self._stop.set()

    def stop_on_signals(self) -> None:
        """SIGTERM and Ctrl-C stop the service cleanly."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)

    def trouble(self) -> str | None:
        """What is wrong, for ``/healthz``; None: nothing."""
        silent = self._now() - self._finished_at
        if silent <= SILENT_PERIODS * self._period:
            return None
        return f"No tick has finished for {silent:.0f} seconds; see the log."

    def _made(self) -> BackgroundScheduler:
        # It says in lines of its own what `_on_missed` says in ours.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": max(1, int(self._period / 2)),
            },
        )
        scheduler.add_listener(self._on_missed, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        start = datetime.fromtimestamp(regular(self._now(), self._period) + self._period, UTC)
        trigger = IntervalTrigger(seconds=self._period, start_date=start, timezone=UTC)
        scheduler.add_job(self._regular, trigger)
        return scheduler

    def _on_missed(self, _: object) -> None:
        _log.warning("tick_dropped", why="it was late, or another was still running")
        self._missed()

    def _regular(self) -> None:
        self._booked.clear()
        self._run_tick(regular(self._now(), self._period), None)

    def _look_again(self, due: int) -> None:
        fleets = {name for name, at in self._booked.items() if at <= due}
        for name in fleets:
            del self._booked[name]
        self._run_tick(due, fleets)

    def _run_tick(self, due: int, fleets: Collection[str] | None) -> None:
        try:
            self._booked.update(self._tick(due, fleets))
        except Exception:  # noqa: BLE001 - a service outlives what it did not foresee
            _log.exception("tick_failed")
        else:
            self._finished_at = self._now()
        self._book()

    def _book(self) -> None:
        """The earliest look that was asked for, unless a regular tick comes first."""
        at = min(self._booked.values(), default=math.inf)
        if at < regular(self._now(), self._period) + self._period:
            self._scheduler.add_job(
                self._look_again,
                DateTrigger(datetime.fromtimestamp(at, UTC)),
                args=(at,),
                id="booked",
                replace_existing=True,
                max_instances=2,  # the tick that books it may be one; one thread runs them in turn
            )
