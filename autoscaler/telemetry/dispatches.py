"""Counts what becomes of messages that are dispatched. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from autoscaler.core.actions import FailureKind, Outcome
from autoscaler.core.tasks import Provider
from autoscaler.dispatch.dispatching import Fate
from autoscaler.telemetry.emf import Figure, Labels

_DISPATCH = "autoscaler_dispatch"


@dataclass(frozen=True, slots=True)
class Tally:
    """What one queue's dispatch has done since it was last told."""

    queue: str
    fleet: str
    _counts: Counter[tuple[str, Labels]] = field(default_factory=Counter)

    def ended(self, fates: Iterable[Fate]) -> None:
        """Groups came to their ends."""
        for fate in fates:
            labels = (("queue", self.queue), ("outcome", fate.end.value))
            self._counts[f"{_DISPATCH}_groups_total", labels] += 1
            self._counts[f"{_DISPATCH}_messages_total", labels] += len(fate.messages)

    def asked(self, provider: Provider, outcome: Outcome) -> None:
        """A task was asked for; a lost answer is a failure, and having to wait is none."""
        labels = (("fleet", self.fleet), ("provider", provider.value))
        self._counts["autoscaler_tasks_launched_total", labels] += len(outcome.tasks)
        failed = [one for one in outcome.failures if one.kind is not FailureKind.LATE]
        lost = outcome.unsure is not None
        self._counts["autoscaler_launch_failures_total", labels] += len(failed) + lost

    def offloaded(self) -> None:
        """A payload was put into S3."""
        self._counts[f"{_DISPATCH}_payloads_offloaded_total", (("queue", self.queue),)] += 1

    def take(self) -> list[Figure]:
        """All of it but zeros, which would be billed; from here on it counts anew."""
        figures = [
            Figure(name, count, labels) for (name, labels), count in self._counts.items() if count
        ]
        self._counts.clear()
        return figures
