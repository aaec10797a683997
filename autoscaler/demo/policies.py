"""Which policies a demo can run with, and how they are set for a world this quick and small.

A tick comes every two seconds instead of every two minutes, a picture takes a fraction of a
second, and all is done in half a minute. Policies that only bound what others want stand beside
one that wants. ``target_tracking`` is not among them: the shortest metric it follows is a minute
long, and for the rest of that minute it would launch tasks for an empty queue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autoscaler.core.errors import ConfigurationError
from autoscaler.demo.quick_window import NAME as QUICK_WINDOW

Policy = Mapping[str, Any]

DEPTH: Policy = {"type": "depth", "messages_per_task": 10}
LEAST_PROMISE = 20.0
"""Seconds: on a slow computer a start-up takes some."""
PAUSE: Policy = {"type": QUICK_WINDOW, "from": "00:02", "to": "00:09"}
"""Four to eighteen seconds after the first message: tasks that were launched before it have left
by then, and pictures that come afterwards wait."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a demo is configured."""

    policies: Sequence[Policy]
    metrics_early: float = 0.0
    """Seconds; 60 for policies that look at CloudWatch's newest whole minute, which they would
    have to wait for."""
    pauses: bool = False
    """Whether a window pauses launches in the middle, so that pictures come in two parts."""
    promise: float | None = None
    """Seconds that a picture may wait; None: nothing is promised."""

    def promising(self, seconds: float | None) -> Choice:
        """The same with another promise, where there is one.

        Raises:
            ConfigurationError: there is none, or nobody can keep that one.
        """
        if seconds is None:
            return self
        if self.promise is None:
            raise ConfigurationError(
                "only a policy that promises a wait takes --promise; choose --policy deadline"
            )
        if seconds < LEAST_PROMISE:
            raise ConfigurationError(
                f"in this demo a look and a start-up take {LEAST_PROMISE:.0f} s; promise that much"
            )
        policies = [{**policy, "max_age": f"{seconds:g}s"} for policy in self.policies]
        return replace(self, policies=policies, promise=seconds)


_STEPS = [{"from": "2s", "add": 3}, {"from": "10s", "add": 6}]
_CHOICES: Mapping[str, Choice] = {
    "depth": Choice([DEPTH]),
    "backlog": Choice([{"type": "backlog", "acceptable_wait": "2s", "work": "200ms"}]),
    "age_steps": Choice(
        [{"type": "age_steps", "breaches": 1, "cooldown": "4s", "steps": _STEPS}],
        metrics_early=60.0,
    ),
    "drain_rate": Choice(
        [{"type": "drain_rate", "drain_within": "2s", "work": "200ms", "arrivals": 5}]
    ),
    "deadline": Choice(
        [{"type": "deadline", "max_age": "60s", "work": "500ms", "start_up": "10s"}],
        promise=60.0,
    ),
    "cost_window": Choice([DEPTH, PAUSE], pauses=True),
    "budget": Choice(
        [DEPTH, {"type": "budget", "dollars": 0.01, "per": "hour"}],
        metrics_early=60.0,  # so that one demo knows everything there is to show
    ),
}


def names() -> list[str]:
    """What can be chosen, the default first."""
    return [*_CHOICES]


def choose(name: str, promise: float | None = None) -> Choice:
    """The configuration of this name, with another promise if one is given, in seconds.

    Raises:
        ConfigurationError: there is none; the text names those there are. Or it has no promise.
    """
    if name not in _CHOICES:
        raise ConfigurationError(
            f"there is no demo with the policy {name}; there is one with {', '.join(names())}"
        )
    return _CHOICES[name].promising(promise)
