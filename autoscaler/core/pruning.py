"""Forgetting what was kept for queues and policies that are configured no longer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from autoscaler.core.altered import altered
from autoscaler.core.memory import Memory
from autoscaler.core.rules import FleetRules

T = TypeVar("T")


def without_the_past(memory: Memory, rules: FleetRules) -> Memory:
    """Without what was kept for queues and policies that are configured no longer."""
    queues, policies = rules.queue_names, rules.note_names
    by_queue = (
        memory.samples,
        memory.blind_ticks,
        memory.learned.queues,
        memory.paused,
        memory.paused_by,
    )
    if memory.notes.keys() <= policies and all(each.keys() <= queues for each in by_queue):
        return memory
    learned = altered(memory.learned, queues=_only(memory.learned.queues, queues))
    return altered(
        memory,
        samples=_only(memory.samples, queues),
        blind_ticks=_only(memory.blind_ticks, queues),
        learned=learned,
        notes=_only(memory.notes, policies),
        paused=_only(memory.paused, queues),
        paused_by=_only(memory.paused_by, queues),
    )


def _only(kept: Mapping[str, T], names: frozenset[str]) -> Mapping[str, T]:
    return kept if kept.keys() <= names else {name: kept[name] for name in kept.keys() & names}
