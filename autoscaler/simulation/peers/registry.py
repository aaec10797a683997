"""All peers by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from autoscaler.simulation.drivers import Driver
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.peers import (
    blueprint,
    buildkite,
    cboxdk,
    cdk,
    copilot,
    hands,
    keda_hpa,
    keda_job,
    static,
    step_scaling,
    target_tracking,
    watchbot,
    wpa,
)
from autoscaler.simulation.peers.hands import Brings, Hands
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.world import SimulatedAws

_DEFAULT = Options()


class _Anew:
    """A peer's driver that begins anew in each world, as it remembers what it did."""

    def __init__(self, make: Callable[[Options], Driver], options: Options) -> None:
        self._make, self._options = make, options
        self._driver = make(options)
        self._aws: SimulatedAws | None = None
        self.period = self._driver.period

    def act(self, aws: SimulatedAws, now: float) -> float | None:
        """As the driver does."""
        if aws is not self._aws:
            self._driver, self._aws = self._make(self._options), aws
        return self._driver.act(aws, now)


@dataclass(frozen=True, slots=True)
class Peer:
    """Another autoscaler; called with options it gives a new driver, for one run."""

    summary: str
    """What it does, in one line."""
    source: str
    """Where its rule was read."""
    make: Callable[[Options], Driver]
    brings: Brings

    def __call__(self, options: Options = _DEFAULT) -> Driver:
        """A driver with these options."""
        return _Anew(self.make, options)

    def world(self, knobs: Knobs, whose: Hands = hands.own) -> Knobs:
        """These knobs with the worker that runs in its tasks; its own, unless told otherwise."""
        return whose(self.brings, knobs)


_BLUEPRINT = "aws-ia/ecs-blueprints@9c87b668"
_KEDA = "kedacore/keda@8b4f083c"
_BUILDKITE = "buildkite/buildkite-agent-scaler@49c41453"
_BLUEPRINTS = Brings(hands.blueprints, hands.blueprints_queue)
_DRAINS = Brings(hands.plain)
_SERVES = Brings(hands.serving)

PEERS: Mapping[str, Peer] = {
    "blueprint": Peer(
        "Every 2 min a task for each 10 messages waiting, up to the maximum.",
        f"{_BLUEPRINT}, as documented: calls of ten",
        blueprint.documented,
        _BLUEPRINTS,
    ),
    "blueprint-as-coded": Peer(
        "The same in one RunTask call, which AWS refuses for more than 10 tasks.",
        f"{_BLUEPRINT}, as its code behaves",
        blueprint.as_coded,
        _BLUEPRINTS,
    ),
    "blueprint-minus-running": Peer(
        "Every 2 min a task for each 10 messages waiting or in hand, less those that live.",
        f"{_BLUEPRINT}, put right",
        blueprint.minus_running,
        _BLUEPRINTS,
    ),
    "keda-job": Peer(
        "Every 30 s a job for each 5 messages, less those that run.",
        f"{_KEDA}, ScaledJob, strategy default",
        keda_job.with_default,
        _DRAINS,
    ),
    "keda-job-custom": Peer(
        "Every 30 s a job for each 5 messages, less 1 and half of those that run.",
        f"{_KEDA}, ScaledJob, strategy custom",
        keda_job.with_custom,
        _DRAINS,
    ),
    "keda-job-accurate": Peer(
        "Every 30 s a job for each 5 messages waiting, less those that are pending.",
        f"{_KEDA}, ScaledJob, strategy accurate, scaleOnInFlight off as advised",
        keda_job.with_accurate,
        _DRAINS,
    ),
    "keda-job-accurate-as-shipped": Peer(
        "The same with messages in hand counted too, so that jobs at work bring new ones.",
        f"{_KEDA}, ScaledJob, strategy accurate, scaleOnInFlight on",
        keda_job.with_accurate_as_shipped,
        _DRAINS,
    ),
    "keda-job-eager": Peer(
        "Every 30 s a job for each 5 messages, while there is room.",
        f"{_KEDA}, ScaledJob, strategy eager",
        keda_job.with_eager,
        _DRAINS,
    ),
    "keda-hpa": Peer(
        "Every 15 s a pod for each 5 messages, down after 5 min, and what is stopped is killed.",
        f"{_KEDA}, ScaledObject, and Kubernetes' HPA",
        keda_hpa.keda_hpa,
        _SERVES,
    ),
    "target-tracking": Peer(
        "Backlog per task near its target: out after 3 minutes, in after 15, never from none.",
        "AWS Application Auto Scaling, target tracking",
        target_tracking.target_tracking,
        _SERVES,
    ),
    "step-scaling": Peer(
        "Each minute 1, 2, 4 ... tasks by the messages waiting; none after 10 empty minutes.",
        "AWS Application Auto Scaling, step scaling",
        step_scaling.step_scaling,
        _SERVES,
    ),
    "cdk": Peer(
        "A task more from 100 messages waiting, 5 more from 500, one fewer at none; 1 at least.",
        "aws/aws-cdk@ca9390b0, QueueProcessingFargateService",
        cdk.cdk,
        Brings(hands.serving, hands.cdks_queue),
    ),
    "copilot": Peer(
        "Target tracking of a backlog per task that it publishes each minute; 1 at least.",
        "aws/copilot-cli@4c858e71, worker service",
        copilot.copilot,
        _SERVES,
    ),
    "watchbot": Peer(
        "A tenth of the maximum more every 5 min while messages wait, none after 10 quiet min.",
        "mapbox/ecs-watchbot@fc908cec",
        watchbot.watchbot,
        Brings(hands.watchbots, hands.watchbots_queue),
    ),
    "buildkite": Peer(
        "Every 10 s an agent for each job, out only; agents leave after 10 idle minutes.",
        f"{_BUILDKITE}, as the Elastic CI stack's template sets it",
        buildkite.outward,
        Brings(hands.agents),
    ),
    "buildkite-both-ways": Peer(
        "Every 10 s an agent for each job, in at most once an hour, killing builds.",
        f"{_BUILDKITE}, with scale-in allowed",
        buildkite.both_ways,
        _SERVES,
    ),
    "wpa": Peer(
        "Every 20 s a worker for each 2 messages, with a floor of throughput, down after 10 min.",
        "practo/k8s-worker-pod-autoscaler@55e14ac8",
        wpa.wpa,
        _SERVES,
    ),
    "cboxdk": Peer(
        "Every 5 s the load of the arrivals or the drain of the backlog, if that is more.",
        "cboxdk/laravel-queue-autoscale@d95734d4, its known mistake kept",
        cboxdk.cboxdk,
        Brings(hands.laravels),
    ),
    "static": Peer(
        "So many tasks, always.",
        "a service of one size",
        static.static,
        _SERVES,
    ),
}
"""By the name that ``compare`` takes."""
