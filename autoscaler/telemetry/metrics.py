"""Prometheus metrics, all fed from records. Prefix ``autoscaler_``; base units; no task ids."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Collection, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, Info
from prometheus_client.core import GaugeMetricFamily, Metric

from autoscaler import __version__
from autoscaler.core.model import Cause, Reading
from autoscaler.core.record import End, Record

RESTRAINING = (Cause.BREAKER, Cause.PAUSED, Cause.UNCONFIRMED)
TICK_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Buckets: from one round trip to a tick that fills a minute."""


class Metrics:
    """Counts what happens and shows what was last seen of each fleet.

    Gauges are rendered from the newest record of each fleet, so that a scrape sees one moment
    and a fleet that is gone leaves no series behind.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._last: dict[str, Record] = {}
        self._queues: set[str] = set()
        self._ticks = Counter(
            "autoscaler_ticks", "Ticks by how they ended.", ["fleet", "outcome"], registry=registry
        )
        self._seconds = Histogram(
            "autoscaler_tick_duration_seconds",
            "From the first look to the last save.",
            buckets=TICK_SECONDS,
            registry=registry,
        )
        self._launched = Counter(
            "autoscaler_tasks_launched",
            "Tasks AWS accepted.",
            ["fleet", "provider"],
            registry=registry,
        )
        self._failures = Counter(
            "autoscaler_launch_failures",
            "Answers of AWS that refused tasks, or that were lost.",
            ["fleet", "provider"],
            registry=registry,
        )
        self._policy_failures = Counter(
            "autoscaler_policy_failures",
            "Policies that raised or answered nonsense.",
            ["queue", "policy"],
            registry=registry,
        )
        self._missed = Counter(
            "autoscaler_ticks_missed",
            "Ticks dropped because they were late or another was still running.",
            registry=registry,
        )
        self._reloads = Counter(
            "autoscaler_config_reloads",
            "Reloads of the configuration; a refused one keeps the configuration in force.",
            ["outcome"],
            registry=registry,
        )
        self._reasons = Counter(
            "autoscaler_decision_reasons",
            "Steps of decisions, by why they were taken.",
            ["fleet", "reason"],
            registry=registry,
        )
        Info("autoscaler_build", "The running version.", registry=registry).info(
            {"version": __version__}
        )
        registry.register(self)

    def missed(self) -> None:
        """A tick was dropped."""
        self._missed.inc()

    def reloaded(self, outcome: str) -> None:
        """A reload of the configuration was ``done`` or ``refused``."""
        self._reloads.labels(outcome).inc()

    def keep_only(self, fleets: Collection[str], queues: Collection[str]) -> None:
        """Drop the series of fleets and queues that are configured no longer."""
        for fleet in [fleet for fleet in self._last if fleet not in fleets]:
            self._drop_fleet(fleet)
        for queue in self._queues - set(queues):
            self._policy_failures.remove_by_labels({"queue": queue})
        self._queues &= set(queues)

    def _drop_fleet(self, fleet: str) -> None:
        del self._last[fleet]
        for counter in (self._ticks, self._launched, self._failures, self._reasons):
            counter.remove_by_labels({"fleet": fleet})

    def write(self, record: Record) -> None:
        """Take in one tick of one fleet."""
        self._last[record.fleet] = record
        self._ticks.labels(record.fleet, record.end.value).inc()
        self._seconds.observe(record.seconds)
        for intent in record.intents:
            outcome = record.outcomes.get(intent.token)
            labels = (record.fleet, intent.launch.provider.value)
            if outcome is not None:
                self._launched.labels(*labels).inc(len(outcome.tasks))
                self._failures.labels(*labels).inc(
                    len(outcome.failures) + (outcome.unsure is not None)
                )
        said = record.decision.reasons if record.decision else ()
        for reason in (*said, *record.reasons):
            self._reasons.labels(record.fleet, reason.cause.value).inc()
            if reason.cause is Cause.POLICY_FAILED and reason.queue:
                self._queues.add(reason.queue)
                self._policy_failures.labels(reason.queue, reason.policy).inc()

    def collect(self) -> Iterator[Metric]:
        """The gauges, from the newest records."""
        records = list(self._last.values())
        yield _queue_messages(records)
        yield _queue_age(records)
        yield _queue_dead_letters(records)
        yield _tasks(records)
        yield _target(records)
        yield _last_tick(records)
        yield _restrained(records)


def _queue_messages(records: list[Record]) -> Metric:
    family = GaugeMetricFamily(
        "autoscaler_queue_messages", "Messages in a queue.", labels=["queue", "state"]
    )
    for reading in _readings(records):
        for state in ("visible", "in_flight", "delayed"):
            count = getattr(reading, state)
            if count is not None:
                family.add_metric([reading.queue, state], count)
    return family


def _queue_age(records: list[Record]) -> Metric:
    family = GaugeMetricFamily(
        "autoscaler_queue_oldest_message_age_seconds",
        "Age of the oldest message at the end of the newest minute CloudWatch shows.",
        labels=["queue"],
    )
    for reading in _readings(records):
        if reading.oldest_age is not None:
            family.add_metric([reading.queue], reading.oldest_age)
    return family


def _queue_dead_letters(records: list[Record]) -> Metric:
    family = GaugeMetricFamily(
        "autoscaler_queue_dead_letters",
        "Messages in a queue's dead-letter queue.",
        labels=["queue"],
    )
    for reading in _readings(records):
        if reading.dead_letters is not None:
            family.add_metric([reading.queue], reading.dead_letters)
    return family


def _tasks(records: list[Record]) -> Metric:
    family = GaugeMetricFamily(
        "autoscaler_tasks", "Live tasks.", labels=["fleet", "provider", "state"]
    )
    for record in records:
        fleet = record.observation.fleet if record.observation else None
        if fleet is None:
            continue
        tally = Tally((task.provider, task.state) for task in fleet.tasks)
        for (provider, state), count in tally.items():
            name = provider.value if provider else "unknown"
            family.add_metric([record.fleet, name, state.value], count)
        family.add_metric([record.fleet, "unknown", "unseen"], fleet.unseen)
    return family


def _target(records: list[Record]) -> Metric:
    family = GaugeMetricFamily(
        "autoscaler_tasks_target", "Tasks the last decision wanted.", labels=["fleet"]
    )
    for record in records:
        if record.decision and record.decision.target is not None:
            family.add_metric([record.fleet], record.decision.target)
    return family


def _restrained(records: list[Record]) -> Metric:
    family = GaugeMetricFamily(
        "autoscaler_restrained",
        "1 while new launches are held back: by the breaker, a pause, or an unconfirmed message.",
        labels=["fleet", "reason"],
    )
    for record in records:
        held = record.observation.restraints if record.observation else ()
        for cause in RESTRAINING:
            family.add_metric([record.fleet, cause.value], any(one.cause is cause for one in held))
    return family


def _last_tick(records: list[Record]) -> Metric:
    family = GaugeMetricFamily(
        "autoscaler_last_decision_timestamp_seconds",
        "When a fleet was last decided on; alert when it stands still.",
        labels=["fleet"],
    )
    for record in records:
        if record.end is End.DECIDED:
            family.add_metric([record.fleet], record.at)
    return family


def _readings(records: list[Record]) -> Iterator[Reading]:
    for record in records:
        if record.observation:
            yield from record.observation.readings.values()
