"""Figures as Prometheus reads them. Pure."""

from collections.abc import Iterator, Mapping

from autoscaler.worker.telemetry.meter import Figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_COUNTERS = (
    ("received_total", "Messages that SQS handed out.", "received"),
    ("done_total", "Messages whose handler succeeded.", "done"),
    ("failed_total", "Messages whose handler failed or ran too long.", "failed"),
    ("given_back_total", "Messages given back for others.", "given_back"),
    ("busy_slot_seconds_total", "Seconds that slots were busy, summed over slots.", "busy_seconds"),
)
_WAIT = "autoscaler_worker_wait_seconds"


def page(queues: Mapping[str, Figures]) -> str:
    """Return the page; its only label is the queue's name."""
    return "\n".join(_lines(queues)) + "\n"


def _lines(queues: Mapping[str, Figures]) -> Iterator[str]:
    for name, text, attribute in _COUNTERS:
        yield f"# HELP autoscaler_worker_{name} {text}"
        yield f"# TYPE autoscaler_worker_{name} counter"
        for queue, figures in queues.items():
            yield f"autoscaler_worker_{name}{_label(queue)} {getattr(figures, attribute)}"
    yield f"# HELP {_WAIT} Seconds from a message's sending to its first start."
    yield f"# TYPE {_WAIT} summary"
    for queue, figures in queues.items():
        yield f"{_WAIT}_sum{_label(queue)} {figures.waits_seconds}"
        yield f"{_WAIT}_count{_label(queue)} {figures.waits_count}"


def _label(queue: str) -> str:
    return f'{{queue="{queue}"}}'  # SQS's names need no escaping
