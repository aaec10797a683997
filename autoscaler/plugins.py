"""Finds a policy by the name a configuration gives it: the house's own and anyone's alike.

A policy is a frozen dataclass with ``needs`` and ``advise``. The house's own are in a table,
so that no scan of installed packages stands between a Lambda and its first request; all
others come by the entry point group ``autoscaler.policies``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import is_dataclass
from importlib import import_module
from typing import Any

from autoscaler.core.errors import ConfigurationError

GROUP = "autoscaler.policies"
BUILT_IN = {
    "depth": "policies.depth:Depth",
    "backlog": "policies.backlog:Backlog",
    "age_steps": "policies.age_steps:AgeSteps",
    "drain_rate": "policies.drain_rate:DrainRate",
    "deadline": "policies.deadline:Deadline",
    "forecast": "policies.forecast:Forecast",
    "warm": "policies.warm:Warm",
    "target_tracking": "policies.target_tracking:TargetTracking",
    "cost_window": "policies.cost_window:CostWindow",
    "budget": "policies.budget:Budget",
}


def find(name: str) -> type[Any]:
    """The policy class of this name.

    Raises:
        ConfigurationError: there is none, or what is there is not a policy.
    """
    target = BUILT_IN.get(name) or _installed().get(name)
    if target is None:
        raise ConfigurationError(f"there is no policy {name!r}; there are {', '.join(names())}")
    return load(target, f"policy {name!r}")


def names() -> list[str]:
    """The names of all policies that can be found, the house's own first."""
    return [*BUILT_IN, *(name for name in sorted(_installed()) if name not in BUILT_IN)]


def _installed() -> dict[str, str]:
    from importlib.metadata import entry_points  # noqa: PLC0415 - the scan costs 20 ms

    return {point.name: point.value for point in entry_points(group=GROUP)}


def load(target: str, called: str = "") -> type[Any]:
    """The policy class at ``module:Class``.

    Raises:
        ConfigurationError: it cannot be loaded, or is not a policy.
    """
    module, _, attribute = target.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except Exception as error:
        raise ConfigurationError(f"{called or target} cannot be loaded: {error}") from error
    missing = list(_missing(found))
    if missing:
        raise ConfigurationError(f"{target} is not a policy: it has no {' and no '.join(missing)}")
    return found  # type: ignore[no-any-return]


def _missing(found: object) -> Iterable[str]:
    if not (isinstance(found, type) and is_dataclass(found)):
        yield "dataclass fields"
    if not hasattr(found, "needs"):
        yield "needs"
    if not callable(getattr(found, "advise", None)):
        yield "advise()"
