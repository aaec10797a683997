"""What a decision is made from and made into. Frozen; ``None`` means unknown, never zero.

Times are seconds since the epoch (UTC), durations are seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from autoscaler.core.altered import altered
from autoscaler.core.learned import Learned
from autoscaler.core.service import Service
from autoscaler.core.spending import Money
from autoscaler.core.tasks import Fleet


@dataclass(frozen=True, slots=True)
class Minute:
    """What CloudWatch tells of one whole minute of a queue; None: no datapoint."""

    ends_at: float
    sent: float | None = None
    deleted: float | None = None
    oldest_age: float | None = None
    """Seconds; the minute's Maximum of ApproximateAgeOfOldestMessage."""
    groups_in_flight: float | None = None
    """Message groups with a message in hand, the minute's Maximum; FIFO queues only."""
    busy_seconds: float | None = None
    """Slot-seconds that workers were busy; only where they publish it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at a queue told."""

    queue: str
    at: float
    visible: int | None = None
    in_flight: int | None = None
    delayed: int | None = None
    minutes: tuple[Minute, ...] = ()
    """Whole minutes, oldest first, the newest usually one to three minutes old."""
    trouble: str | None = None
    """Why something here is unknown, in a sentence."""
    dead_letters: int | None = None
    """Messages visible in its dead-letter queue; None: unknown, or there is none."""

    @property
    def oldest_age(self) -> float | None:
        """Seconds the oldest message had waited at the end of the newest known minute."""
        return self.minutes[-1].oldest_age if self.minutes else None

    @property
    def idle(self) -> bool:
        """Whether all three counts are known to be zero."""
        return self.visible == 0 and self.in_flight == 0 and self.delayed == 0


@dataclass(frozen=True, slots=True)
class Unknown:
    """Stands where an answer should be, and says why there is none."""

    why: str


class Cause(StrEnum):
    """Why a step of a decision was taken: the value of a metric's ``reason`` label."""

    WANT = "want"
    ABSTAINED = "abstained"
    POLICY_FAILED = "policy_failed"
    COMBINED = "combined"
    QUEUE_UNKNOWN = "queue_unknown"
    FALLBACK = "fallback"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MAX_TASKS = "max_tasks"
    NOT_FORGOTTEN = "not_forgotten"
    WAITS = "waits"
    FLEET_UNKNOWN = "fleet_unknown"
    NOBODY_ADVISED = "nobody_advised"
    ENOUGH = "enough"
    MAX_LAUNCHES = "max_launches_per_tick"
    LAUNCH = "launch"
    BREAKER = "breaker"
    PAUSED = "paused"
    UNCONFIRMED = "unconfirmed"
    GROUPS_FLAT = "groups_flat"
    PACED = "paced"
    NEW_TASKS = "new_tasks"
    SPOT_AVOIDED = "spot_avoided"
    SECOND_ROUND = "second_round"
    DESIRED = "desired"
    STABILIZED = "stabilized"
    BUSY = "busy"
    COOLDOWN = "cooldown"
    NOT_ACTIVE = "not_active"
    SCALED_BY_OTHERS = "scaled_by_others"
    CHANGED_BY_OTHERS = "changed_by_others"
    DEPLOYMENT = "deployment"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class Restraint:
    """Holds new launches back for a reason that no policy knows."""

    cause: Cause
    text: str
    new_tasks: int = 0
    """This many more than live are let through; of one queue, so many wanted in all."""
    queue: str | None = None
    """Whose launches; None: the whole fleet's."""
    until: float | None = None
    """When it is over, if that is known."""


@dataclass(frozen=True)
class Observation:
    """All that a decision may rest on: readings, fleet, signals, time and what was learned."""

    now: float
    tick: int
    """The tick id: the exact second this tick was due."""
    next_tick_at: float
    readings: Mapping[str, Reading]
    fleet: Fleet | None
    learned: Learned
    signals: Mapping[str, float | None] = field(default_factory=dict)
    """By their keys, those that the fleet's policies need; None: unknown."""
    blind_ticks: Mapping[str, int] = field(default_factory=dict)
    """For each queue, how many ticks in a row its counts have been unknown."""
    restraints: tuple[Restraint, ...] = ()
    money: Money | None = None
    """What the fleet's tasks cost; None: unknown, or no policy needs it."""
    service: Service | None = None
    """The fleet's service; None: unknown, or its tasks drain and exit."""
    bookable: bool = False
    """Whether ``look_again_at`` is kept; if not, the next look is the next regular tick."""
    queue: str = ""
    """The queue a policy is asked about."""
    notes: Mapping[str, Any] | None = None
    """What the policy asked to keep at the last tick; JSON-able."""

    def of(self, queue: str, notes: Mapping[str, Any] | None) -> Observation:
        """The same observation, as one policy of one queue is shown it."""
        return altered(self, queue=queue, notes=notes)

    @property
    def reading(self) -> Reading:
        """The reading of the queue in question."""
        return self.readings[self.queue]

    @property
    def live(self) -> int:
        """Live tasks. Policies are only asked when the fleet is known."""
        return self.fleet.live if self.fleet else 0


@dataclass(frozen=True, slots=True)
class Advice:
    """One policy's answer. What it leaves None it has no opinion on."""

    want: int | None = None
    """How many tasks there should be in all, those that live included."""
    at_least: int | None = None
    at_most: int | None = None
    pause: bool = False
    """No new task for this queue; unlike ``at_most`` it never asks a running one to leave."""
    new_tasks: int | None = None
    """At most this many more tasks than live, whichever queue of the fleet wants them."""
    spot_share: float | None = None
    """Share of new tasks on Spot, 0 to 1."""
    stay_until: float | None = None
    """No task leaves before this time, however empty the queue; with ``at_least``, so many stay."""
    look_again_at: float | None = None
    """When a decision is wanted before the next regular tick."""
    why: str = ""
    notes: Mapping[str, Any] | None = None
    abstained: bool = False

    @classmethod
    def abstain(cls, why: str) -> Advice:
        """No opinion, because something the policy needs is unknown."""
        return cls(why=why, abstained=True)


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of a decision, in a sentence for people."""

    cause: Cause
    text: str
    queue: str | None = None
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """One policy's advice, with whose it is."""

    queue: str
    policy: str
    advice: Advice


@dataclass(frozen=True, slots=True)
class Decision:
    """All advice combined and limited to one target, each step with its reason."""

    target: int | None
    """Tasks there should be; None: hold, launch nothing and stop nothing."""
    live: int | None
    reasons: tuple[Reason, ...]
    heard: tuple[Heard, ...] = ()
    spot_share: float | None = None
    stay_until: float | None = None
    look_again_at: float | None = None
    stays: int | None = None
    """Of the tasks to launch, how many stay until then; None: all of them."""

    @property
    def missing(self) -> int:
        """Tasks to launch: ``max(0, target - live)``, and none while holding."""
        return 0 if self.target is None or self.live is None else max(0, self.target - self.live)
