"""The standalone service: a tick each period, never two at once, late ones dropped."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from autoscaler.runtime.due import regular

_log = structlog.get_logger("autoscaler")

SILENT_PERIODS = 5
"""Periods without a finished tick after which the service calls itself unhealthy."""


class Service:
    """Ticks until it is told to stop.

    ``tick`` is called with the due second; ``missed`` for every tick that was dropped.
    """

    def __init__(
        self,
        tick: Callable[[int], object],
        period: float,
        now: Callable[[], float],
        missed: Callable[[], None],
    ) -> None:
        self._tick, self._period, self._now, self._missed = tick, period, now, missed
        self._finished_at = now()
        self._stop = threading.Event()

    def run(self) -> None:
        """Tick now, then on the grid that all replicas share; return when stopped."""
        self._run_tick()
        scheduler = self._scheduler()
        scheduler.start()
        self._stop.wait()
        _log.info("stopping", why="asked to")
        scheduler.shutdown(wait=True)

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

    def _scheduler(self) -> BackgroundScheduler:
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
        scheduler.add_job(self._run_tick, trigger)
        return scheduler

    def _on_missed(self, _: object) -> None:
        _log.warning("tick_dropped", why="it was late, or another was still running")
        self._missed()

    def _run_tick(self) -> None:
        try:
            self._tick(regular(self._now(), self._period))
        except Exception:  # noqa: BLE001 - a service outlives what it did not foresee
            _log.exception("tick_failed")
        else:
            self._finished_at = self._now()
