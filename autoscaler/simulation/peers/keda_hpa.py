"""KEDA ScaledObject: the operator wakes a Deployment and puts it to sleep, the HPA sizes it.

[kedacore/keda@8b4f083c pkg/scaling/executor/scale_scaledobjects.go, withtriggers_types.go:51,
scale_executor.go:36]
"""

from __future__ import annotations

from dataclasses import dataclass, field

from autoscaler.simulation.peers.aws import Aws, Service
from autoscaler.simulation.peers.hpa import Stabilised, most_within, recommended
from autoscaler.simulation.peers.options import Options

SYNC = 15.0
"""Seconds between two looks of the HPA."""
LOOKS_A_POLL = 2
"""The operator's pollingInterval is 30 s."""
COOLDOWN = 300.0
QUEUE_LENGTH = 5
MAX_REPLICAS = 100


def awake(replicas: int, messages: int, quiet_for: float, fewest: int) -> int:
    """Replicas after the operator's poll: one from none, none after the cooldown.

    ``quiet_for`` is how long ago the queue was last seen with a message.
    """
    if messages:
        return replicas or max(fewest, 1)
    return fewest if quiet_for > COOLDOWN else replicas


def sized(wanted: int, current: int, fewest: int, most: int) -> int:
    """Replicas after the HPA's sync, for a recommendation that is stabilised."""
    return max(fewest, 1, min(wanted, most_within(current), most))


@dataclass(slots=True)
class KedaHpa:
    """The driver: a service whose surplus pods are killed, whatever they work on."""

    target: int
    max_replicas: int
    min_replicas: int = 0
    period: float = SYNC
    _service: Service = field(default_factory=lambda: Service(protect=False))
    _stabilised: Stabilised = field(default_factory=Stabilised)
    _replicas: int = 0
    _looks: int = 0
    _active_at: float = 0.0

    def act(self, aws: Aws, now: float) -> None:
        """The operator's poll where it is due, then the HPA's sync."""
        counts = aws.count()
        messages = counts.visible + counts.in_flight
        if self._looks % LOOKS_A_POLL == 0:
            self._poll(messages, now)
        self._looks += 1
        if self._replicas:
            self._sync(messages, now)
        self._service.resize(aws, self._replicas)

    def _poll(self, messages: int, now: float) -> None:
        if messages:
            self._active_at = now
        quiet_for = now - self._active_at
        self._replicas = awake(self._replicas, messages, quiet_for, self.min_replicas)

    def _sync(self, messages: int, now: float) -> None:
        wanted = recommended(messages, self.target, self._replicas)
        wanted = self._stabilised.of(wanted, self._replicas, now)
        self._replicas = sized(wanted, self._replicas, self.min_replicas, self.max_replicas)


def keda_hpa(options: Options) -> KedaHpa:
    """As KEDA ships."""
    return KedaHpa(options.share(QUEUE_LENGTH), options.most(MAX_REPLICAS), options.fewest(0))
