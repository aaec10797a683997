"""How the simulated AWS and the simulated workers behave; ``world.yaml`` overrides the defaults.

Durations are seconds. Every default has its source; what no document tells is marked as a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from autoscaler.core.units import AtLeast, AtMost, Duration

Share = Annotated[float, AtLeast(0), AtMost(1)]
Stretches = tuple[tuple[Duration, Duration], ...]
"""Of time: (from, until), in seconds since the trace's start."""


def is_within(stretches: Stretches, now: float) -> bool:
    """Whether this second is in one of them."""
    return any(start <= now < end for start, end in stretches)


@dataclass(frozen=True, slots=True)
class Counts:
    """What GetQueueAttributes tells."""

    lag: Duration = 0.0
    """A count is that of so long ago; AWS promises consistency after a minute at most."""
    noise: Share = 0.0
    """A count is wrong by up to this share, evenly, each reading anew."""
    persistence: Share = 0.0
    """How much of its error a count has from the one before [AR(1), cut at ``noise``]."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """What CloudWatch tells."""

    lag: Duration = 90.0
    """A minute becomes visible so long after its end; one to three minutes in life."""
    gaps: Share = 0.0
    """Share of minutes that never get a datapoint."""
    from_workers: bool = True
    """Whether workers publish their busy slot-seconds a minute."""


@dataclass(frozen=True, slots=True)
class StartUp:
    """From RunTask to a task that receives."""

    unbilled: Duration = 15.0
    """Provisioning, before the image pull."""
    billed: Duration = 20.0
    """From the start of the pull, where Fargate's bill begins, to the first receive."""
    jitter: Share = 0.0
    """Both parts vary evenly by up to this share, each task anew."""
    failures: Share = 0.0
    """Share of accepted tasks that die before they receive; 0.0015 on a good day (T16)."""
    slow: Stretches = ()
    """Stretches in which a start-up takes twice as long."""


@dataclass(frozen=True, slots=True)
class Launches:
    """What RunTask accepts."""

    burst: Annotated[int, AtLeast(1)] = 100
    """Fargate's bucket of launches, for each provider [ECS service quotas]."""
    per_second: Annotated[float, AtLeast(0)] = 20.0
    """At what rate that bucket refills."""
    refused: Share = 0.0
    """Share of calls that are turned away with an error."""
    outages: Stretches = ()
    """Stretches in which every call is."""


@dataclass(frozen=True, slots=True)
class SpotMarket:
    """Fargate Spot."""

    interruptions_per_hour: Annotated[float, AtLeast(0)] = 0.0
    """Of one running task, at random; a warning of two minutes comes first."""
    shortages: Stretches = ()
    """Stretches without capacity."""


@dataclass(frozen=True, slots=True)
class QueueKnobs:
    """The queue itself."""

    visibility: Duration = 60.0
    """A message whose task died comes back so long after it was received or last extended."""
    max_receives: Annotated[int, AtLeast(1)] = 12
    """A message that was received so often goes to the dead letters at its next receive."""
    missed: Share = 0.0
    """Share of short polls that miss what is there; a poll of 1 s asks all of SQS's servers."""
    poison: Share = 0.0
    """Share of messages that no handler can do."""


@dataclass(frozen=True, slots=True)
class Workers:
    """What runs in the task; the defaults are our own worker's."""

    slots: Annotated[int, AtLeast(1)] = 1
    poll: Duration = 1.0
    """How long a receive waits at an empty queue."""
    back_off: Duration = 5.0
    """After an empty or short receive the next one waits this long times the free share of slots;
    0 is a worker that polls on and on."""
    lean: Duration = 20.0
    """With a slot free for so long its receives wait no more: fuller ones take what comes. A worker
    that polls on and on, and a service's, waits always."""
    empties: Annotated[int, AtLeast(1)] = 2
    """It leaves after so many empty receives in a row with nothing in hand."""
    paid_minute: bool = True
    """Whether it stays for the minute that is billed anyway."""
    batch: Annotated[int, AtLeast(1), AtMost(10)] = 10
    """The most that one receive asks for."""
    serial: bool = False
    """Whether a whole batch is taken into one slot and done one after another, as the
    blueprint's worker does."""
    grace: Duration = 25.0
    """After SIGTERM it finishes what fits and gives back the rest."""
    extends: bool = True
    """Whether it keeps its messages from coming back while it works on them."""
    gives_back: bool = True
    """Whether it lets go at once of what its grace does not suffice for; if not, that comes back
    when its visibility is over."""
    retry_cap: Duration = 300.0
    """The longest a failed message is kept away before its next try."""


@dataclass(frozen=True, slots=True)
class Knobs:
    """The whole simulated world."""

    counts: Counts = field(default_factory=Counts)
    metrics: Metrics = field(default_factory=Metrics)
    start_up: StartUp = field(default_factory=StartUp)
    launches: Launches = field(default_factory=Launches)
    spot: SpotMarket = field(default_factory=SpotMarket)
    queue: QueueKnobs = field(default_factory=QueueKnobs)
    workers: Workers = field(default_factory=Workers)
    vcpus: Annotated[float, AtLeast(0)] = 0.25
    gigabytes: Annotated[float, AtLeast(0)] = 0.5
    """What a task occupies, and is billed for by the price table."""
    region: str = "us-east-1"
    drain: Duration = 86_400.0
    """How long the world goes on after the trace's end, to see what becomes of what is left."""
