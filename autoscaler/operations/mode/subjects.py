"""Which queues of a configuration have modes, and what that means for each."""

from __future__ import annotations

from collections.abc import Callable

from autoscaler.aws.clients import Place
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import Settings
from autoscaler.operations.mode.subject import Controller, Subject


def subjects(
    settings: Settings, names: list[str], controller: Callable[[str], Controller]
) -> dict[str, Subject]:
    """The queues of these names, or all that have modes.

    Raises:
        ConfigurationError: there is no such queue, or it has no modes, or no queue has.
    """
    chosen = names or [name for name, queue in settings.queues.items() if queue.modes]
    if not chosen:
        raise ConfigurationError(
            "no queue has modes; write them under queues.NAME.modes, as docs/modes.md shows"
        )
    return {name: _subject(settings, name, controller) for name in chosen}


def _subject(settings: Settings, name: str, controller: Callable[[str], Controller]) -> Subject:
    if name not in settings.queues:
        there = ", ".join(settings.queues)
        raise ConfigurationError(f"there is no queue {name} in the configuration; there is {there}")
    queue = settings.queues[name]
    fleet = settings.fleets.get(queue.fleet)
    if fleet is None:
        raise ConfigurationError(
            f"the fleet {queue.fleet} of {name} is a service itself, which is never switched: its "
            "desired count is set by what waits; `autoscaler mode` is for fleets with run: tasks"
        )
    if queue.modes is None:
        raise ConfigurationError(
            f"{name} has no modes; write them under queues.{name}.modes, as docs/modes.md shows"
        )
    return Subject(
        queue=queue.queue,
        place=Place(fleet.region, fleet.role),
        cluster=queue.modes.cluster or fleet.cluster,
        container=queue.modes.container or fleet.container,
        modes=queue.modes,
        controller=controller(name) if queue.policies else None,
    )
