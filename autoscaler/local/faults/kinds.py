"""The kinds of faults a script can name, and what each may say besides which calls and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autoscaler.local.durations import seconds_from
from autoscaler.local.ecs.bends import NO_CAPACITY, Shortage
from autoscaler.local.ecs.strategy import FARGATE_PROVIDERS
from autoscaler.local.faults import effects

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from autoscaler.local.faults.effects import Effect

    Reader = Callable[[Any], Any]

REASONS = {
    "capacity": NO_CAPACITY,
    # AWS writes the apostrophe as printers do; who compares the text must know.
    "vcpu_quota": (
        "You\N{RIGHT SINGLE QUOTATION MARK}ve reached the limit on the number of vCPUs you can run "
        "concurrently"
    ),
}
"""Reasons of failed placements by short names; any other text is a reason as it stands."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: the calls it is about (None: `calls` says), its own keys, and what it makes."""

    make: Callable[[dict[str, Any]], Effect]
    about: tuple[str, ...] | None = None
    keys: Mapping[str, Reader] = field(default_factory=dict)
    needed: tuple[str, ...] = ()


def seconds(value: Any) -> float:
    """Read a duration: a number of seconds, or text such as `500ms`."""
    if isinstance(value, str):
        return seconds_from(value)
    if not _is_number(value) or value < 0:
        raise ValueError("it must be a duration such as 5s or 500ms")
    return float(value)


def count(value: Any) -> int:
    """Read a whole number from 1 on."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("it must be a whole number from 1 on")
    return value


def share(value: Any) -> float:
    """Read a number from 0 to 1."""
    if not _is_number(value) or not 0 <= value <= 1:
        raise ValueError("it must be a number from 0 to 1")
    return float(value)


def text(value: Any) -> str:
    """Read a text that is not empty."""
    if not isinstance(value, str) or not value:
        raise ValueError("it must be a text")
    return value


def provider(value: Any) -> str:
    """Read the name of a capacity provider of Fargate."""
    if value not in FARGATE_PROVIDERS:
        raise ValueError(f"it must be one of {', '.join(sorted(FARGATE_PROVIDERS))}")
    return str(value)


def _most(value: Any) -> int:
    if value == 0 and not isinstance(value, bool):
        return 0
    return count(value)


def _status(value: Any) -> int:
    if value not in (500, 502, 503, 504):
        raise ValueError("it must be 500, 502, 503 or 504")
    return int(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _short(options: dict[str, Any]) -> Effect:
    reason = options.get("reason", "capacity")
    shortage = Shortage(
        options.get("provider"), options.get("most", 0), REASONS.get(reason, reason)
    )
    return effects.Short(shortage)


KINDS = {
    "throttle": Kind(lambda _: effects.Throttle()),
    "throttle_by_ec2": Kind(lambda _: effects.ThrottleByEc2(), about=("ecs:RunTask",)),
    "fail": Kind(lambda given: effects.Fail(**given), keys={"status": _status}),
    "fail_after": Kind(lambda given: effects.FailAfter(**given), keys={"status": _status}),
    "lose_reply": Kind(lambda _: effects.LoseReply()),
    "delay": Kind(lambda given: effects.Delay(**given), keys={"by": seconds}, needed=("by",)),
    "deny": Kind(lambda _: effects.Deny()),
    "stale_list": Kind(
        lambda given: effects.StaleList(**given),
        about=("ecs:ListTasks",),
        keys={"by": seconds},
        needed=("by",),
    ),
    "hide_new": Kind(
        lambda given: effects.HideNew(**given),
        about=("ecs:ListTasks", "ecs:DescribeTasks"),
        keys={"younger_than": seconds},
        needed=("younger_than",),
    ),
    "short": Kind(
        _short,
        about=("ecs:RunTask",),
        keys={"provider": provider, "most": _most, "reason": text},
    ),
}
"""Kinds of faults that happen to calls. `interrupt`, which happens to tasks, is not among them."""
