"""The rules and the world of one queue out of a whole configuration."""

from __future__ import annotations

from dataclasses import replace

from autoscaler.config.problems import unknown
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.rules import Rulebook
from autoscaler.core.service_settings import ServiceSettings
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
    """The default world, as far as the configuration tells in the fleet's region and size.

    The size of a service's tasks is the service's own, so that it is the default world's.
    """
    name, default = settings.queues[queue].fleet, Knobs()
    fleet = settings.every_fleet[name]
    known = replace(default, region=fleet.region or default.region)
    if isinstance(fleet, ServiceSettings):
        return known
    cpu, memory = fleet.overrides.cpu, fleet.overrides.memory
    return replace(
        known,
        vcpus=cpu / 1024 if cpu else default.vcpus,
        gigabytes=memory / 1024 if memory else default.gigabytes,
    )
