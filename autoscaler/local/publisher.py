"""The thread that publishes what AWS publishes by itself, and moto does not.

Every metrics period, on whole multiples of it: the AWS/SQS metrics of every queue, and the metrics
tasks wrote into their logs. A queue's datapoints carry the minute in which the period began. So
with AWS's 60 seconds, minute M's are there when M is over; with a shorter period they come more
often, into the minute that is running, and a client asking for `Period=60` gets that minute's
Maximum or Sum so far.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends

from autoscaler.local.corrections.sqs_activity import ACTIVE_FOR
from autoscaler.local.emf import EmbeddedMetric, LogFollower, metrics_in
from autoscaler.local.periods import minute_of, next_due
from autoscaler.local.queue_metrics import metrics_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST_POINTS = 200_000  # a backend's datapoints, about 100 MB; beyond it the older half goes
_log = logging.getLogger(__name__)


class Publisher(threading.Thread):
    """Publishes until stopped, stamped `early` seconds. Metrics from logs belong to `region`."""

    def __init__(self, period: float, region: str, logs_dir: Path, early: float = 0.0) -> None:
        super().__init__(name="publisher", daemon=True)
        self._period = period
        self._early = early
        self._region = region
        self._logs = LogFollower(logs_dir)
        self._stopped = threading.Event()

    def run(self) -> None:
        """Publish at every whole multiple of the period."""
        due = next_due(time.time(), self._period)
        while not self._stopped.wait(max(0.0, due - time.time())):
            try:
                self.publish(due)
            except Exception:  # noqa: BLE001  (the next period may go well; the log says what did not)
                _log.exception("publishing metrics failed")
            due = next_due(max(due, time.time()), self._period)

    def stop(self) -> None:
        """End, after the publication that is under way."""
        self._stopped.set()
        self.join(timeout=5)

    def publish(self, due: float) -> None:
        """Publish once what the period that ends at `due` was like."""
        stamp = minute_of(due, self._period) - self._early
        for account, region, queue in _queues():
            _put(account, region, "AWS/SQS", _datums(queue, due, stamp))
        for line in self._logs.new_lines():
            for metric in metrics_in(line):
                _put(DEFAULT_ACCOUNT_ID, self._region, metric.namespace, [_embedded(metric)])


def _queues() -> Iterator[tuple[str, str, Any]]:
    for account, regions in list(sqs_backends.items()):
        for region, backend in list(regions.items()):
            for queue in list(backend.queues.values()):
                yield account, region, queue


def _datums(queue: Any, due: float, stamp: float) -> list[dict[str, Any]]:
    recently_used = due - getattr(queue, "last_used", queue.created_timestamp) < ACTIVE_FOR
    with queue._messages_lock:
        found = metrics_of(
            queue.shelf, due * 1000, recently_used=recently_used, fifo=queue.fifo_queue
        )
    dimensions = [{"Name": "QueueName", "Value": queue.name}]
    return [
        {
            "MetricName": metric.name,
            "Value": metric.value,
            "Unit": metric.unit,
            "Dimensions": dimensions,
            "Timestamp": _naive(stamp),
        }
        for metric in found
    ]


def _embedded(metric: EmbeddedMetric) -> dict[str, Any]:
    return {
        "MetricName": metric.name,
        "Values": list(metric.values),
        "Unit": metric.unit,
        "Dimensions": [{"Name": name, "Value": value} for name, value in metric.dimensions],
        "Timestamp": _naive(metric.at),
    }


def _put(account: str, region: str, namespace: str, datums: list[dict[str, Any]]) -> None:
    backend = cloudwatch_backends[account][region]
    if datums:
        backend.put_metric_data(namespace, datums)
    if len(backend.metric_data) > _MOST_POINTS:
        del backend.metric_data[: _MOST_POINTS // 2]


def _naive(seconds: float) -> datetime:
    """Return the time as moto keeps it: UTC without saying so."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
