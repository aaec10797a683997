"""Puts a worker together from its settings."""

import math
import time
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from autoscaler.worker.bench import ThreadBench
from autoscaler.worker.hook_calls import Hooks, load_hooks
from autoscaler.worker.hooks import Worker
from autoscaler.worker.journal import Journal
from autoscaler.worker.loop import Loop
from autoscaler.worker.protection import Protection, Unprotected
from autoscaler.worker.routing import handler_of
from autoscaler.worker.rules import QueueRules, Rules
from autoscaler.worker.settings import QueueSettings, Settings
from autoscaler.worker.shipped import shipped
from autoscaler.worker.source import open_source
from autoscaler.worker.teller import Teller

if TYPE_CHECKING:
    from autoscaler.worker.dispatched_queue import DispatchedQueue
    from autoscaler.worker.opening import Opened
    from autoscaler.worker.telemetry.hook import Telemetry


@dataclass(frozen=True, slots=True)
class Assembled:
    """A worker that is ready to go."""

    loop: Loop
    bench: ThreadBench
    hooks: Hooks
    telemetry: "Telemetry | None"
    payload: "DispatchedQueue | None" = None
    """In the place of queues, where the task was started for its messages."""

    def stop(self) -> None:
        """Ask the loop to stop; safe in a signal handler."""
        self.bench.post(self.loop.stop)


def assemble(settings: Settings, journal: Journal, started_at: float) -> Assembled:
    """Load handlers and hooks, find the queues; raises UserError.

    `started_at` is on the monotonic clock.
    """
    about = Worker(tuple(each.name for each in settings.queues), settings.slots, time.time())
    own = shipped(settings)
    others = load_hooks(settings.hooks, about)
    # boto3 takes 150 ms, and `--help` needs none of it
    from autoscaler.worker.opening import as_opened, open_payload, open_queue  # noqa: PLC0415
    from autoscaler.worker.s3_payloads import S3Payloads  # noqa: PLC0415

    payloads = S3Payloads()
    bench = ThreadBench(handler_of(settings, payloads))
    hooks = Hooks((*own.hooks, *others), bench, journal, time.time)
    payload = open_payload(settings.queues[0], journal, payloads) if settings.dispatched else None
    opened = [
        (each, as_opened(payload) if payload else open_queue(each)) for each in settings.queues
    ]
    sources = [
        open_source(each.name, _queue_rules(each, found), found.queue, bench, journal, payloads)
        for each, found in opened
    ]
    for source, (_, found) in zip(sources, opened, strict=True):
        visibility = source.rules.visibility_seconds
        journal("started", queue=found.url, slots=source.rules.concurrency, visibility=visibility)
    protection = _protection(settings, bench, journal)
    teller = Teller(bench, journal, hooks)
    loop = Loop(_rules(settings, started_at), sources, teller, Random(), protection)
    return Assembled(loop, bench, hooks, own.telemetry, payload)


def _protection(
    settings: Settings, bench: ThreadBench, journal: Journal
) -> Protection | Unprotected:
    if settings.agent is None:
        return Unprotected()
    from autoscaler.worker.agent import AgentEndpoint  # noqa: PLC0415 - http.client, for few

    return Protection(AgentEndpoint(settings.agent), bench, journal)


def _queue_rules(settings: QueueSettings, opened: "Opened") -> QueueRules:
    return QueueRules(
        visibility_seconds=opened.visibility_seconds,
        wait_seconds=settings.wait_seconds,
        poll_seconds=settings.poll_seconds,
        retry_cap_seconds=settings.retry_cap_seconds,
        concurrency=settings.concurrency,
        time_limit_seconds=settings.time_limit_seconds or math.inf,
        batch=settings.batch,
        weight=settings.weight,
        ordered=opened.ordered,
    )


def _rules(settings: Settings, started_at: float) -> Rules:
    lifetime = settings.lifetime_seconds or math.inf
    return Rules(
        slots=settings.slots,
        not_before=_not_before(settings, started_at),
        grace_seconds=settings.grace_seconds,
        leave_at=started_at + lifetime,
        circuit_failures=settings.circuit_failures,
        circuit_seconds=settings.circuit_seconds,
    )


def _not_before(settings: Settings, started_at: float) -> float:
    """Return when an empty worker may leave: never, or after its minimum and the given time."""
    if settings.forever:
        return math.inf
    earliest = started_at + settings.minimum_stay_seconds
    if settings.stay_until_epoch is None:
        return earliest
    return max(earliest, time.monotonic() + settings.stay_until_epoch - time.time())
