"""Prometheus metrics, all fed from records. Prefix ``autoscaler_``; base units; no task ids."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.core import Metric

from autoscaler import __version__
from autoscaler.core.model import Cause
from autoscaler.core.record import End, Record
from autoscaler.core.tasks import Provider
from autoscaler.telemetry.gauges import families
from autoscaler.telemetry.table import controller as table
from autoscaler.telemetry.table.row import Row

TICK_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Buckets: from one round trip to a tick that fills a minute."""


class Metrics:
    """Counts what happens and shows what was last seen of each fleet.

    Gauges are rendered from the newest record of each fleet, so that a scrape sees one moment
    and a fleet that is gone leaves no series behind. Counters begin at zero as soon as their
    labels are known: Prometheus sees no rise in a series that begins at one.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._last: dict[str, Record] = {}
        self._decided_at: dict[str, float] = {}
        self._queues: set[str] = set()
        self._registry = registry
        self._ticks = self._counter(table.TICKS)
        self._seconds = Histogram(
            table.TICK_DURATION.name,
            table.TICK_DURATION.meaning,
            buckets=TICK_SECONDS,
            registry=registry,
        )
        self._launched = self._counter(table.TASKS_LAUNCHED)
        self._failures = self._counter(table.LAUNCH_FAILURES)
        self._setting_failures = self._counter(table.SETTING_FAILURES)
        self._policy_failures = self._counter(table.POLICY_FAILURES)
        self._missed = self._counter(table.TICKS_MISSED)
        self._reloads = self._counter(table.CONFIG_RELOADS)
        self._reasons = self._counter(table.DECISION_REASONS)
        self._notices = self._counter(table.NOTIFICATIONS)
        self._period = self._gauge(table.TICK_PERIOD)
        self._in_force = self._gauge(table.CONFIG_IN_FORCE)
        build = Info(table.BUILD.name.removesuffix("_info"), table.BUILD.meaning, registry=registry)
        build.info({"version": __version__})
        for outcome in ("done", "refused"):
            self._reloads.labels(outcome)
        self._in_force.set(1)
        registry.register(self)

    def _counter(self, row: Row) -> Counter:
        return Counter(row.name, row.meaning, row.labels, registry=self._registry)

    def _gauge(self, row: Row) -> Gauge:
        return Gauge(row.name, row.meaning, row.labels, registry=self._registry)

    def ticks_every(self, seconds: float) -> None:
        """How far regular ticks are apart."""
        self._period.set(seconds)

    def missed(self) -> None:
        """A tick was dropped."""
        self._missed.inc()

    def notified(self, place: str, outcome: str) -> None:
        """A notice to one place was ``sent``, or has ``failed``."""
        self._notices.labels(place, outcome).inc()

    def notifies(self, places: Collection[str]) -> None:
        """Who is told, from now on."""
        for place in places:
            for outcome in ("sent", "failed"):
                self._notices.labels(place, outcome)

    def reloaded(self, outcome: str) -> None:
        """A reload of the configuration was ``done`` or ``refused``."""
        self._reloads.labels(outcome).inc()
        self._in_force.set(outcome == "done")

    def keep_only(self, fleets: Collection[str], queues: Collection[str]) -> None:
        """Drop the series of fleets and queues that are configured no longer."""
        for fleet in [fleet for fleet in self._last if fleet not in fleets]:
            self._drop_fleet(fleet)
        for queue in self._queues - set(queues):
            self._policy_failures.remove_by_labels({"queue": queue})
        self._queues &= set(queues)

    def _drop_fleet(self, fleet: str) -> None:
        del self._last[fleet]
        self._decided_at.pop(fleet, None)
        own = (self._ticks, self._launched, self._failures, self._setting_failures, self._reasons)
        for counter in own:
            counter.remove_by_labels({"fleet": fleet})

    def write(self, record: Record) -> None:
        """Take in one tick of one fleet."""
        if record.fleet not in self._last:
            self._begin(record.fleet)
        self._last[record.fleet] = record
        self._ticks.labels(record.fleet, record.end.value).inc()
        self._seconds.observe(record.seconds)
        if record.end is End.DECIDED:
            self._decided_at[record.fleet] = record.at
        self._count_launches(record)
        self._count_setting(record)
        self._count_reasons(record)

    def _begin(self, fleet: str) -> None:
        for end in End:
            self._ticks.labels(fleet, end.value)
        for provider in (Provider.FARGATE, Provider.FARGATE_SPOT):
            self._launched.labels(fleet, provider.value)
            self._failures.labels(fleet, provider.value)

    def _count_launches(self, record: Record) -> None:
        for intent in record.intents:
            outcome = record.outcomes.get(intent.token)
            labels = (record.fleet, intent.launch.provider.value)
            if outcome is not None:
                self._launched.labels(*labels).inc(len(outcome.tasks))
                self._failures.labels(*labels).inc(
                    len(outcome.failures) + (outcome.unsure is not None)
                )

    def _count_setting(self, record: Record) -> None:
        if record.observation and record.observation.service:
            failed = record.answer and (record.answer.failures or record.answer.unsure)
            self._setting_failures.labels(record.fleet).inc(bool(failed))

    def _count_reasons(self, record: Record) -> None:
        for heard in record.decision.heard if record.decision else ():
            self._policy_failures_of(heard.queue, heard.policy)
        said = record.decision.reasons if record.decision else ()
        for reason in (*said, *record.reasons):
            self._reasons.labels(record.fleet, reason.cause.value).inc()
            if reason.cause is Cause.POLICY_FAILED and reason.queue:
                self._policy_failures_of(reason.queue, reason.policy).inc()

    def _policy_failures_of(self, queue: str, policy: str | None) -> Counter:
        self._queues.add(queue)
        return self._policy_failures.labels(queue, policy)

    def collect(self) -> Iterator[Metric]:
        """The gauges, from the newest records."""
        return families(list(self._last.values()), dict(self._decided_at))
