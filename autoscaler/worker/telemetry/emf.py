"""Figures as CloudWatch's embedded metric format: a log line that becomes metrics. Pure."""

from collections.abc import Iterator, Mapping

from autoscaler.worker.telemetry.meter import Figures

NAMESPACE = "Autoscaler/Worker"

MOST_VALUES = 100
"""Values that one line carries of one metric [CloudWatch embedded metric format]."""

_SUMS = ("Received", "Done", "Failed", "BusySlotSeconds")
_UNITS = {"BusySlotSeconds": "Seconds", "WaitSeconds": "Seconds"}


class EmfLines:
    """One queue's lines, each with what is new since the one before.

    The queue's name is the only dimension: CloudWatch bills each metric of each dimension's
    value, so a task's id would be a new bill with each task.
    """

    def __init__(self, queue: str) -> None:
        self._queue = queue
        self._before = Figures()

    def lines(self, figures: Figures, now: float) -> Iterator[Mapping[str, object]]:
        """Yield what is to be logged now: nothing where nothing happened.

        Takes the waits out of the figures, of which it is the only reader.
        """
        sums = self._news(figures)
        waits, figures.waits = figures.waits, []
        if not any(sums.values()) and not waits:
            return
        first, rest = waits[:MOST_VALUES], waits[MOST_VALUES:]
        yield self._line(now, {**sums, **({"WaitSeconds": first} if first else {})})
        for start in range(0, len(rest), MOST_VALUES):
            yield self._line(now, {"WaitSeconds": rest[start : start + MOST_VALUES]})

    def _news(self, figures: Figures) -> dict[str, object]:
        before = self._before
        self._before = Figures(
            received=figures.received,
            done=figures.done,
            failed=figures.failed,
            busy_seconds=figures.busy_seconds,
        )
        values = (
            figures.received - before.received,
            figures.done - before.done,
            figures.failed - before.failed,
            round(figures.busy_seconds - before.busy_seconds, 3),
        )
        return dict(zip(_SUMS, values, strict=True))

    def _line(self, now: float, metrics: Mapping[str, object]) -> Mapping[str, object]:
        told = [{"Name": name, "Unit": _UNITS.get(name, "Count")} for name in metrics]
        directive = {"Namespace": NAMESPACE, "Dimensions": [["QueueName"]], "Metrics": told}
        about = {"Timestamp": round(now * 1000), "CloudWatchMetrics": [directive]}
        rounded = {
            name: [round(each, 3) for each in value] if isinstance(value, list) else value
            for name, value in metrics.items()
        }
        return {"_aws": about, "QueueName": self._queue, **rounded}
