"""Capacity provider strategies: what AWS accepts, and how one RunTask call is split by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

FARGATE_PROVIDERS = frozenset({"FARGATE", "FARGATE_SPOT"})


@dataclass(frozen=True, slots=True)
class Share:
    """One item of a strategy. A weight left out is 0 through the API."""

    provider: str
    weight: int = 0
    base: int = 0


def read_strategy(items: Sequence[dict[str, Any]], associated: Sequence[str]) -> list[Share]:
    """Check a strategy as RunTask does, against the providers its cluster is associated with.

    Raises InvalidParameterException.
    """
    shares = [
        Share(item["capacityProvider"], int(item.get("weight", 0)), int(item.get("base", 0)))
        for item in items
    ]
    _check_providers({share.provider for share in shares}, associated)
    _check_numbers(shares)
    return shares


def _check_providers(named: set[str], associated: Sequence[str]) -> None:
    if not named <= set(associated):
        raise invalid(
            "The specified capacity provider strategy cannot contain a capacity provider that is "
            "not associated with the cluster. Associate the capacity provider with the cluster and "
            f"try again. Not associated: {', '.join(sorted(named - set(associated)))}"
        )
    if named & FARGATE_PROVIDERS and named - FARGATE_PROVIDERS:
        raise invalid(
            "A capacity provider strategy cannot contain a mix of capacity providers using Auto "
            "Scaling groups and Fargate providers. Specify one or the other and try again."
        )


def _check_numbers(shares: Sequence[Share]) -> None:
    if sum(share.base > 0 for share in shares) > 1:
        raise invalid("Only one capacity provider in a strategy can have a base defined.")
    if not any(share.weight for share in shares):
        raise invalid(
            "At least one capacity provider in a strategy must have a weight greater than zero."
        )
    if any(not 0 <= share.weight <= 1000 or not 0 <= share.base <= 100_000 for share in shares):
        raise invalid("A weight must be between 0 and 1000, a base between 0 and 100000.")


def split(count: int, shares: Sequence[Share]) -> list[str]:
    """Name the provider of each of `count` tasks: the base first, the rest by weight.

    Every further task goes to the provider that would be least above its weight, the first named
    on a tie, so that weights 1 and 4 share ten tasks 2 to 8.
    """
    chosen = [share.provider for share in shares for _ in range(share.base)][:count]
    given = dict.fromkeys((share.provider for share in shares if share.weight), 0)
    weights = {share.provider: share.weight for share in shares}
    for _ in range(count - len(chosen)):
        provider = min(given, key=lambda name: (given[name] + 1) / weights[name])
        given[provider] += 1
        chosen.append(provider)
    return chosen
