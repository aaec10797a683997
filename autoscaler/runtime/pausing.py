"""Pausing and resuming queues through the memory store, without a deploy."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from autoscaler.core.errors import ConfigurationError, MemoryConflictError
from autoscaler.core.memory import By, Memory
from autoscaler.core.ports import MemoryStore
from autoscaler.core.settings import MemoryInProcess, Settings

TRIES = 10
"""A tick saves at most three times, so somebody who asks ten times gets through."""


def require_shared(settings: Settings) -> None:
    """Refuse what another process could not see.

    Raises:
        ConfigurationError: the memory is that of the controller's process alone.
    """
    if isinstance(settings.store, MemoryInProcess):
        raise ConfigurationError(
            "store: {type: memory} is not shared with any other process, so nothing can be paused "
            "from here; use the store file or dynamodb"
        )


def pause(
    settings: Settings, store: MemoryStore, queue: str, until: float | None, by: By | None = None
) -> None:
    """Hold a queue, from another process than the controller's."""
    require_shared(settings)
    hold(settings, store, queue, until, by)


def resume(settings: Settings, store: MemoryStore, queue: str) -> None:
    """Release a queue, from another process than the controller's."""
    require_shared(settings)
    release(settings, store, queue)


def hold(
    settings: Settings, store: MemoryStore, queue: str, until: float | None, by: By | None = None
) -> None:
    """Launch nothing for a queue until then, or until it is resumed; running tasks go on."""
    _change(store, fleet_of(settings, queue), lambda memory: _paused(memory, [queue], until, by))


def drain(settings: Settings, store: MemoryStore, fleet: str, by: By | None = None) -> None:
    """Launch nothing for any queue of a fleet until they are resumed.

    Its tasks finish what there is and leave by themselves, so that the fleet comes to zero.
    """
    queues = queues_of(settings, fleet)
    _change(store, fleet, lambda memory: _paused(memory, queues, None, by))


def release(settings: Settings, store: MemoryStore, queue: str) -> None:
    """Let a queue's launches go on from the next tick."""
    _change(store, fleet_of(settings, queue), lambda memory: _resumed(memory, queue))


def queues_of(settings: Settings, fleet: str) -> list[str]:
    """The queues that a fleet serves."""
    return [name for name, queue in settings.queues.items() if queue.fleet == fleet]


def fleet_of(settings: Settings, queue: str) -> str:
    """The fleet that serves a queue.

    Raises:
        ConfigurationError: there is no such queue, or no tick launches for it.
    """
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


def _paused(memory: Memory, queues: Collection[str], until: float | None, by: By | None) -> Memory:
    others = {name: one for name, one in memory.paused_by.items() if name not in queues}
    return replace(
        memory,
        paused={**memory.paused, **dict.fromkeys(queues, until)},
        paused_by={**others, **(dict.fromkeys(queues, by) if by else {})},
    )


def _resumed(memory: Memory, queue: str) -> Memory:
    return replace(
        memory,
        paused={name: until for name, until in memory.paused.items() if name != queue},
        paused_by={name: by for name, by in memory.paused_by.items() if name != queue},
    )


def _change(store: MemoryStore, fleet: str, change: Callable[[Memory], Memory]) -> None:
    for _ in range(TRIES):
        stored = store.load(fleet)
        try:
            store.save(fleet, change(stored.memory), stored.version)
        except MemoryConflictError:
            continue
        return
    raise ConfigurationError(f"the memory of {fleet} is saved all the time; try again")
