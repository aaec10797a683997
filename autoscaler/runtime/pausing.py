"""Pausing and resuming a queue through the memory store, without a deploy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from autoscaler.core.errors import ConfigurationError, MemoryConflictError
from autoscaler.core.memory import Memory
from autoscaler.core.ports import MemoryStore
from autoscaler.core.settings import MemoryInProcess, Settings

TRIES = 10
"""A tick saves at most three times, so somebody who asks ten times gets through."""

Change = Callable[[Mapping[str, float | None]], Mapping[str, float | None]]


def pause(settings: Settings, store: MemoryStore, queue: str, until: float | None) -> None:
    """Launch nothing for a queue until then, or until it is resumed; running tasks go on."""
    _change(settings, store, queue, lambda paused: {**paused, queue: until})


def resume(settings: Settings, store: MemoryStore, queue: str) -> None:
    """Let a queue's launches go on from the next tick."""

    def without(paused: Mapping[str, float | None]) -> Mapping[str, float | None]:
        return {name: until for name, until in paused.items() if name != queue}

    _change(settings, store, queue, without)


def _change(settings: Settings, store: MemoryStore, queue: str, change: Change) -> None:
    fleet = _fleet_of(settings, queue)
    for _ in range(TRIES):
        stored = store.load(fleet)
        memory: Memory = replace(stored.memory, paused=change(stored.memory.paused))
        try:
            store.save(fleet, memory, stored.version)
        except MemoryConflictError:
            continue
        return
    raise ConfigurationError(f"the memory of {fleet} is saved all the time; try again")


def _fleet_of(settings: Settings, queue: str) -> str:
    if isinstance(settings.store, MemoryInProcess):
        raise ConfigurationError(
            "store: {type: memory} is not shared with any other process, so nothing can be paused "
            "from here; use the store file or dynamodb"
        )
    if queue not in settings.queues:
        there = ", ".join(settings.queues)
        raise ConfigurationError(
            f"there is no queue {queue} in the configuration; there is {there}"
        )
    if queue in settings.dispatched():
        raise ConfigurationError(
            f"the fleet of the queue {queue} launches per message, which no tick does; stop "
            "`autoscaler dispatch`, or disable the function's event source mapping"
        )
    return settings.queues[queue].fleet
