"""Shadow: beside whatever scales today, a controller that looks and decides and does nothing.

Its fleet is the tasks of today's system, found by family or service; what it decides is recorded
next to them. It writes nothing to AWS: nothing is launched, and its memory is its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from autoscaler.aws.clients import Clients
from autoscaler.aws.todays_tasks import Today, TodaysTasks, of_definition
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.notify_settings import NotifySettings
from autoscaler.core.settings import MemoryInFile, MemoryInProcess, Settings
from autoscaler.look import World
from autoscaler.runtime.page.keys import Keys
from autoscaler.runtime.planning import Untaken

NO_ACTIONS = (
    "Actions are off in the shadow, which launches nothing that could be held: "
    "act on what scales today."
)
_FORMS = "write FLEET=family:NAME or FLEET=service:NAME"


class Mode(Protocol):
    """Whether a controller acts."""

    @property
    def acts(self) -> bool:
        """For the log."""

    def settings(self, read: Settings) -> Settings:
        """The settings it goes by, of those that were read."""

    def keys(self, given: Keys) -> Keys:
        """Who may act on its page."""

    def world(self, world: World, settings: Settings) -> World:
        """What of the world it reaches."""


class Acting:
    """A controller as it is meant."""

    acts = True

    def settings(self, read: Settings) -> Settings:
        """As they are."""
        return read

    def keys(self, given: Keys) -> Keys:
        """Whoever was given a token."""
        return given

    def world(self, world: World, settings: Settings) -> World:
        """All of it."""
        del settings
        return world


class Shadow:
    """One that looks and decides beside today's system.

    ``today`` says by which family or service the tasks of a fleet are known, in the command
    line's form; else it is the family that the fleet's own tasks are to be of.
    """

    acts = False

    def __init__(self, today: Iterable[str], clients: Clients) -> None:
        self._today, self._clients = tuple(today), clients

    def settings(self, read: Settings) -> Settings:
        """With a memory that no real controller has and that is not in AWS; telling nobody.

        In files it outlives a restart; a table is written by the real controller alone.
        """
        services = [one.name for one in read.rulebook().fleets if one.service is not None]
        if services:
            raise ConfigurationError(
                f"--shadow is for fleets of tasks, and {' and '.join(services)} is a service; "
                f"write it as run: tasks, and --today {services[0]}=service:NAME"
            )
        read = replace(read, notify=NotifySettings())
        if isinstance(read.store, MemoryInFile):
            return replace(read, store=MemoryInFile(str(Path(read.store.path) / "shadow")))
        return replace(read, store=MemoryInProcess())

    def keys(self, given: Keys) -> Keys:
        """Nobody: what is held here would hold nothing that runs."""
        del given
        return Keys(off=NO_ACTIONS)

    def world(self, world: World, settings: Settings) -> World:
        """Eyes and no hands: all that could act is left out, not only forbidden."""
        return World(
            clock=world.clock,
            queues=world.queues,
            tasks=TodaysTasks(settings, self._clients, todays(settings, self._today)),
            actions=Untaken(),
            store=world.store,
            records=world.records,
            each=world.each,
            pace=world.pace,
            signals=world.signals,
            tariffs=world.tariffs,
            bookable=world.bookable,
        )


def todays(settings: Settings, named: Iterable[str]) -> Mapping[str, Today]:
    """By fleet, how the tasks of today's system are known.

    Raises:
        ConfigurationError: a name is of no known form, or of a fleet that is not there.
    """
    found = {name: of_definition(fleet) for name, fleet in settings.fleets.items()}
    for text in named:
        fleet, _, rest = text.partition("=")
        kind, _, name = rest.partition(":")
        if kind not in {"family", "service"} or not name:
            raise ConfigurationError(f"--today {text} is of no known form; {_FORMS}")
        if fleet not in found:
            there = ", ".join(found)
            raise ConfigurationError(f"--today {text}: there is no fleet {fleet}; there is {there}")
        found[fleet] = Today(**{kind: name})
    return found
