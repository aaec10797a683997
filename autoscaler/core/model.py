"""The values that everything else is made of. Frozen; ``None`` means unknown, never zero.

Times are seconds since the epoch (UTC), durations are seconds, money is US dollars.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from autoscaler.core.learned import Learned


class Provider(StrEnum):
    """What a task runs on; the names are those of the ECS capacity providers."""

    FARGATE = "FARGATE"
    FARGATE_SPOT = "FARGATE_SPOT"
    EC2 = "EC2"


class TaskState(StrEnum):
    """ECS's nine states, as far as a fleet's size is concerned."""

    STARTING = "starting"  # PROVISIONING, PENDING, ACTIVATING: capacity that is on its way
    RUNNING = "running"
    STOPPING = "stopping"  # desired status STOPPED, or DEACTIVATING to DEPROVISIONING
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Task:
    """One ECS task, as last seen."""

    id: str
    """Its ARN."""
    fleet: str | None
    """The fleet it belongs to, read from the ECS ``group``; None: not one of ours."""
    provider: Provider | None
    state: TaskState
    token: str | None = None
    """The token of the launch that made it."""
    seen_at: float | None = None
    """When AWS last confirmed it; None: accepted by RunTask and not seen since."""
    launched_at: float | None = None
    created_at: float | None = None
    pull_started_at: float | None = None
    started_at: float | None = None
    stopped_at: float | None = None
    stop_code: str | None = None
    stopped_reason: str | None = None
    exit_code: int | None = None

    @property
    def live(self) -> bool:
        """Whether it is capacity, now or soon."""
        return self.state in (TaskState.STARTING, TaskState.RUNNING)


@dataclass(frozen=True, slots=True)
class Minute:
    """What CloudWatch tells of one whole minute of a queue; None: no datapoint."""

    ends_at: float
    sent: float | None = None
    deleted: float | None = None
    oldest_age: float | None = None
    """Seconds; the minute's Maximum of ApproximateAgeOfOldestMessage."""


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


@dataclass(frozen=True, slots=True)
class Fleet:
    """The live tasks of one fleet."""

    tasks: tuple[Task, ...] = ()
    unseen: int = 0
    """Tasks that a launch of unknown outcome may have made and no list shows yet."""

    @property
    def live(self) -> int:
        """Tasks that are capacity now or soon; what a target is compared with."""
        return len(self.tasks) + self.unseen

    @property
    def starting(self) -> int:
        """Tasks on their way."""
        return self.unseen + sum(task.state is TaskState.STARTING for task in self.tasks)

    @property
    def running(self) -> int:
        """Tasks at work."""
        return sum(task.state is TaskState.RUNNING for task in self.tasks)


class Cause(StrEnum):
    """Why a step of a decision was taken: the value of a metric's ``reason`` label."""

    WANT = "want"
    ABSTAINED = "abstained"
    POLICY_FAILED = "policy_failed"
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
    PACED = "paced"
    SPOT_AVOIDED = "spot_avoided"
    SECOND_ROUND = "second_round"


@dataclass(frozen=True, slots=True)
class Restraint:
    """Holds new launches back for a reason that no policy knows."""

    cause: Cause
    text: str
    new_tasks: int = 0
    """This many more than live are let through."""
    queue: str | None = None
    """Whose launches; None: the whole fleet's."""
    until: float | None = None
    """When it is over, if that is known."""


@dataclass(frozen=True, slots=True)
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
    blind_ticks: Mapping[str, int] = field(default_factory=dict)
    """For each queue, how many ticks in a row its counts have been unknown."""
    restraints: tuple[Restraint, ...] = ()
    queue: str = ""
    """The queue a policy is asked about."""
    notes: Mapping[str, Any] | None = None
    """What the policy asked to keep at the last tick; JSON-able."""

    def of(self, queue: str, notes: Mapping[str, Any] | None) -> Observation:
        """The same observation, as one policy of one queue is shown it."""
        return replace(self, queue=queue, notes=notes)

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
    spot_share: float | None = None
    """Share of new tasks on Spot, 0 to 1."""
    stay_until: float | None = None
    """No task leaves before this time, however empty the queue."""
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

    @property
    def missing(self) -> int:
        """Tasks to launch: ``max(0, target - live)``, and none while holding."""
        return 0 if self.target is None or self.live is None else max(0, self.target - self.live)


@dataclass(frozen=True, slots=True)
class Launch:
    """Start tasks that drain their queue and exit. At most ten, as RunTask takes no more."""

    MOST = 10  # [ECS RunTask: count 1..10]

    provider: Provider
    count: int
    stay_until: float | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """Leave the fleet as it is."""


Action = Launch | Nothing


@dataclass(frozen=True, slots=True)
class Intent:
    """A launch saved with its token before it is carried out; kept until its outcome is known."""

    token: str
    tick: int
    n: int
    launch: Launch
    saved_at: float
    seen: tuple[str, ...] = ()
    """Tasks found in AWS's lists that carry this token."""
    shared: bool = False
    """Whether several may carry it out: where one is turned away, another may be let in."""

    @property
    def unseen(self) -> int:
        """Tasks it may have made that no list has shown."""
        return max(0, self.launch.count - len(self.seen))


class FailureKind(StrEnum):
    """What a refusal means for the next step."""

    CAPACITY = "capacity"  # no room on this provider now; another may have some
    QUOTA = "quota"  # the account's limit of vCPUs; no use to ask again within the tick
    THROTTLED = "throttled"  # asked too fast; may be asked again
    DENIED = "denied"  # permissions or credentials: for people to mend
    DEFINITION = "definition"  # what was asked for is wrong: for people to mend
    BLOCKED = "blocked"  # AWS has blocked the account
    LATE = "late"  # not asked at all: the tick had no time left
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing AWS refused, in its words."""

    reason: str
    detail: str = ""
    kind: FailureKind = FailureKind.OTHER


@dataclass(frozen=True, slots=True)
class Outcome:
    """What AWS answered to a launch.

    No task and a failure: it was refused, and nothing was launched, for certain.
    """

    tasks: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    unsure: str | None = None
    """Why nobody knows whether tasks were launched; None: the answer is known."""
    turned_away: bool = False
    """Whether it was refused before its token was looked at: throttled, denied, out of time.

    Another who asks under the same token may be let in. An answer with failures, in contrast,
    is what ECS gives to whoever repeats the token.
    """
