"""Splitting launches between Spot and on-demand over a fleet's life.

ECS applies ``base`` and ``weight`` to each RunTask call by itself, so that many small calls
would put the first task of every one on the base provider. We split ourselves, one provider
a call.
"""

from __future__ import annotations

from autoscaler.core.memory import Placed
from autoscaler.core.model import Fleet, Provider
from autoscaler.core.rules import Spot


def split(count: int, fleet: Fleet, placed: Placed, spot: Spot) -> tuple[int, int]:
    """How many of ``count`` new tasks go on Spot and how many on demand, in that order.

    First the live on-demand base is filled; what is beyond follows the share, counted from the
    fleet's first task on, so that single launches add up to it.
    """
    base = min(count, max(0, spot.on_demand_base - _live_on_demand(fleet)))
    on_spot = _spot_part(count - base, placed, spot.share)
    return on_spot, count - on_spot


def _spot_part(count: int, placed: Placed, share: float) -> int:
    due = share * (placed.spot + placed.on_demand + count) - placed.spot
    return min(count, max(0, int(due + 0.5)))


def _live_on_demand(fleet: Fleet) -> int:
    return sum(task.provider is not Provider.FARGATE_SPOT for task in fleet.tasks)
