"""What follows from a decision, how it is kept until it is settled, and what AWS answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from autoscaler.core.tasks import Provider


@dataclass(frozen=True, slots=True)
class Launch:
    """Start tasks that drain their queue and exit. At most ten, as RunTask takes no more."""

    MOST = 10  # [ECS RunTask: count 1..10]

    provider: Provider
    count: int
    stay_until: float | None = None


@dataclass(frozen=True, slots=True)
class SetDesired:
    """Have a service keep so many tasks. An absolute number: to repeat it changes nothing."""

    count: int
    before: int
    """What it was when this was decided."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Leave the fleet as it is."""


Action = Launch | SetDesired | Nothing


@dataclass(frozen=True, slots=True)
class Setting:
    """A desired count saved before it is set; kept until it is known to be."""

    tick: int
    action: SetDesired
    saved_at: float


@dataclass(frozen=True)
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
