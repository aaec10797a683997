"""The rules and the world of one queue out of a whole configuration."""

from __future__ import annotations

from dataclasses import replace

from autoscaler.config.problems import unknown
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.rules import Rulebook
from autoscaler.core.settings import Settings
from autoscaler.simulation.knobs import Knobs


def queue_of(settings: Settings, name: str | None) -> str:
    """The queue in question: the only one, unless it is named.

    Raises:
        ConfigurationError: there are several, or none of this name.
    """
    if name is None:
        if len(settings.queues) > 1:
            raise ConfigurationError(
                "a trace is of one queue, and there are several here; say which with "
                f"--queue: {', '.join(settings.queues)}"
            )
        (name,) = settings.queues
    if name not in settings.queues:
        raise ConfigurationError(f"--queue {name}: {unknown('queue', name, settings.queues)}")
    if name in settings.dispatched():
        raise ConfigurationError(
            f"the fleet of the queue {name} launches per message, so that there are no policies to "
            "replay; name a queue whose fleet launches by policy"
        )
    return name


def rules_of(settings: Settings, queue: str) -> Rulebook:
    """The rules of this queue alone, with its fleet to itself."""
    book = settings.rulebook()
    (fleet,) = (one for one in book.fleets if one.name == settings.queues[queue].fleet)
    alone = tuple(one for one in fleet.queues if one.name == queue)
    return replace(book, fleets=(replace(fleet, queues=alone),))


def world_of(settings: Settings, queue: str) -> Knobs:
    """The default world, as far as the configuration tells in the fleet's region and size."""
    name, default = settings.queues[queue].fleet, Knobs()
    if name in settings.services:
        raise ConfigurationError(
            f"the fleet {name} is a service, and only tasks that drain and exit are simulated; "
            "write it as run: tasks for the simulation"
        )
    fleet = settings.fleets[name]
    cpu, memory = fleet.overrides.cpu, fleet.overrides.memory
    return replace(
        default,
        region=fleet.region or default.region,
        vcpus=cpu / 1024 if cpu else default.vcpus,
        gigabytes=memory / 1024 if memory else default.gigabytes,
    )
