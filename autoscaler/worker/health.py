"""`/healthz` for the container's health check: whether the worker's loop still turns.

`/metrics` beside it is for Prometheus.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autoscaler.worker.errors import UserError
from autoscaler.worker.journal import Journal
from autoscaler.worker.loop import Loop
from autoscaler.worker.telemetry.page import CONTENT_TYPE

if TYPE_CHECKING:
    from autoscaler.worker.health_server import Answer
    from autoscaler.worker.telemetry.hook import Telemetry

LATE_SECONDS = 10.0
"""A loop that is so much behind its own plan hangs: it never blocks for as long as that."""


@dataclass(slots=True)
class Pulse:
    """When the loop said it would turn again; on the monotonic clock."""

    expected_at: float = 0.0

    def expect(self, at: float) -> None:
        """Take in when the next turn is due."""
        self.expected_at = at

    def beats(self, now: float) -> bool:
        """Tell whether the loop is on time."""
        return now < self.expected_at + LATE_SECONDS


@contextmanager
def health(
    port: int | None, pulse: Pulse, loop: Loop, telemetry: "Telemetry | None", journal: Journal
) -> Iterator[None]:
    """Serve while the block runs, if a port is given; raises UserError when it is taken."""
    if port is None:
        yield
        return
    from autoscaler.worker.health_server import serving  # noqa: PLC0415 - http.server takes 20 ms

    pulse.expect(time.monotonic())
    pages = {"/healthz": lambda: _answer(pulse, loop)}
    if telemetry is not None:
        pages["/metrics"] = lambda: (200, CONTENT_TYPE, telemetry.page())
    try:
        with serving(port, pages) as bound:
            journal("healthy_at", port=bound)
            yield
    except OSError as error:
        raise UserError(f"--health-port {port} cannot be served: {error.strerror}") from error


def _answer(pulse: Pulse, loop: Loop) -> "Answer":
    beats = pulse.beats(time.monotonic())
    facts = {
        "status": "ok" if beats else "the worker's loop hangs",
        "in_hand": loop.hand.ours,
        "done": loop.totals.done,
        "failed": loop.totals.failed,
        "stopping": loop.leaving is not None,
    }
    return (200 if beats else 503), "application/json", json.dumps(facts)
