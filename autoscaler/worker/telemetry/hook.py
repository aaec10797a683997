"""Counts as a hook like anyone's, and tells whoever asks, or the log from time to time."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from autoscaler.worker.hooks import Event, Hook
from autoscaler.worker.ports import Report
from autoscaler.worker.telemetry.emf import EmfLines
from autoscaler.worker.telemetry.meter import Meter
from autoscaler.worker.telemetry.page import page


class Telemetry(Hook):
    """Meters each queue; safe from several threads. Times are in seconds since 1970.

    `publish_every` is in seconds, None for no lines in the log.
    """

    def __init__(self, queues: Sequence[str], publish_every: float | None) -> None:
        self._every = publish_every
        self._meters = {queue: Meter(publish_every is not None) for queue in queues}
        self._lines = {queue: EmfLines(queue) for queue in queues}
        self._lock = threading.Lock()

    def received(self, event: Event) -> None:
        """SQS handed a message out."""
        with self._lock:
            self._meter(event).received()

    def started(self, event: Event) -> None:
        """A slot took it up."""
        with self._lock:
            self._meter(event).started(event.message.receipt, event.at, _waited(event))

    def done(self, event: Event) -> None:
        """Its handler succeeded."""
        with self._lock:
            self._meter(event).done(event.message.receipt, event.at)

    def failed(self, event: Event) -> None:
        """Its handler failed."""
        with self._lock:
            self._meter(event).failed(event.message.receipt, event.at)

    def given_back(self, event: Event) -> None:
        """It goes back for others."""
        with self._lock:
            self._meter(event).given_back(event.message.receipt, event.at)

    def page(self) -> str:
        """Return what Prometheus is told now."""
        with self._lock:
            self._settle(time.time())
            return page({queue: meter.figures for queue, meter in self._meters.items()})

    @contextmanager
    def publishing(self, report: Report) -> Iterator[None]:
        """Log what is new from time to time while the block runs, and once more at its end."""
        if self._every is None:
            yield
            return
        over = threading.Event()
        ticking = threading.Thread(
            target=self._tick, args=(self._every, over, report), name="metrics", daemon=True
        )
        ticking.start()
        try:
            yield
        finally:
            over.set()
            ticking.join()

    def _tick(self, every: float, over: threading.Event, report: Report) -> None:
        while not over.wait(every):
            self.publish(report)
        self.publish(report)

    def publish(self, report: Report) -> None:
        """Log what is new, for CloudWatch to make metrics of."""
        now = time.time()
        with self._lock:
            self._settle(now)
            told = [
                line
                for queue, meter in self._meters.items()
                for line in self._lines[queue].lines(meter.figures, now)
            ]
        for line in told:
            report("metrics", **line)

    def _settle(self, now: float) -> None:
        for meter in self._meters.values():
            meter.settle(now)

    def _meter(self, event: Event) -> Meter:
        return self._meters[event.message.queue]


def _waited(event: Event) -> float | None:
    sent_at = event.message.sent_at
    if sent_at is None or event.message.receive_count > 1:
        return None
    return max(0.0, event.at - sent_at.timestamp())
