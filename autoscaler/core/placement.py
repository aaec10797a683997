"""Splitting launches between Spot and on-demand over a fleet's life.

ECS applies ``base`` and ``weight`` to each RunTask call by itself, so that many small calls
would put the first task of every one on the base provider. We split ourselves, one provider
a call.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from autoscaler.core.memory import Memory
from autoscaler.core.rules import Spot
from autoscaler.core.tasks import Fleet, Provider


@dataclass(frozen=True, slots=True)
class Split:
    """So many tasks on Spot and on demand, and what part of a task Spot is owed after that."""

    on_spot: int
    on_demand: int
    owed: float


def split(count: int, fleet: Fleet, memory: Memory, spot: Spot) -> Split:
    """How ``count`` new tasks are split.

    First the live on-demand base is filled. What is beyond follows the share: the fraction of a
    task that rounding took from Spot, or gave it, is carried to the next launch, so that single
    launches add up to the share, and a share that changes counts from there on.
    """
    base = min(count, max(0, spot.on_demand_base - _on_demand(fleet, memory)))
    beyond = count - base
    due = spot.share * beyond + memory.spot_owed
    on_spot = min(beyond, max(0, math.floor(due + 0.5)))
    return Split(on_spot, count - on_spot, min(0.5, max(-0.5, due - on_spot)))


def _on_demand(fleet: Fleet, memory: Memory) -> int:
    """Live on-demand tasks, those that a launch in doubt may have made included."""
    live = sum(task.provider is not Provider.FARGATE_SPOT for task in fleet.tasks)
    in_doubt = (
        intent.unseen
        for intent in memory.intents
        if intent.launch.provider is not Provider.FARGATE_SPOT
    )
    return live + sum(in_doubt)
