"""A part of an installation that acts in one role: its fleets and their queues."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from autoscaler.core.service_settings import ServiceSettings
from autoscaler.core.settings import FleetSettings, QueueSettings, Settings
from autoscaler.operations.permissions.facts import DefinitionFacts, Facts, QueueFacts, Site


@dataclass(frozen=True, slots=True)
class Subject:
    """Some fleets of a configuration, and what is known of them."""

    settings: Settings
    facts: Facts
    names: tuple[str, ...]
    """Of the fleets."""

    def fleets(self) -> Iterator[tuple[Site, FleetSettings]]:
        """Each that launches tasks, with where it is."""
        for name in self.names:
            if name in self.settings.fleets:
                yield self.facts.fleets[name], self.settings.fleets[name]

    def services(self) -> Iterator[tuple[Site, ServiceSettings]]:
        """Each that is a service, with where it is."""
        for name in self.names:
            if name in self.settings.services:
                yield self.facts.fleets[name], self.settings.services[name]

    def every(self) -> Iterator[tuple[Site, FleetSettings | ServiceSettings]]:
        """Both kinds."""
        yield from self.fleets()
        yield from self.services()

    def queues(self) -> Iterator[tuple[QueueSettings, QueueFacts]]:
        """Their queues that were found."""
        for name, queue in self.settings.queues.items():
            if queue.fleet in self.names and name in self.facts.queues:
                yield queue, self.facts.queues[name]

    def dispatched(self, queue: QueueSettings) -> bool:
        """Whether tasks are launched for its messages, with those in their hands."""
        fleet = self.settings.fleets.get(queue.fleet)
        return fleet is not None and fleet.launch == "per_message"

    def keyed_queues(self) -> list[tuple[Site, str]]:
        """The keys that queues are encrypted with, and where those queues are."""
        return [
            (self.facts.fleets[queue.fleet], facts.key)
            for queue, facts in self.queues()
            if facts.key
        ]

    def definitions(self) -> Iterator[DefinitionFacts]:
        """Their task definitions that were found."""
        for name in self.names:
            if name in self.facts.definitions:
                yield self.facts.definitions[name]

    def launched(self) -> Iterator[DefinitionFacts]:
        """Those that tasks are launched of; a service starts its own."""
        launching = tuple(name for name in self.names if name in self.settings.fleets)
        return replace(self, names=launching).definitions()


def at_home(settings: Settings, facts: Facts) -> Subject:
    """The fleets that need no role of their own."""
    names = (name for name, fleet in settings.every_fleet.items() if fleet.role is None)
    return Subject(settings, facts, tuple(names))


def in_role(settings: Settings, facts: Facts, role: str) -> Subject:
    """The fleets of a role."""
    names = (name for name, fleet in settings.every_fleet.items() if fleet.role == role)
    return Subject(settings, facts, tuple(names))


def everything(settings: Settings, facts: Facts) -> Subject:
    """All fleets."""
    return Subject(settings, facts, tuple(settings.every_fleet))
