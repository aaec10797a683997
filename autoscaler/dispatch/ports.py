"""What dispatch asks of the world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from autoscaler.core.actions import Outcome
from autoscaler.core.tasks import Provider
from autoscaler.dispatch.messages import Group


@dataclass(frozen=True, slots=True)
class Carrier:
    """A task of the fleet, and the ids of the messages it carries."""

    task: str
    provider: Provider | None
    messages: frozenset[str]


class Crew(Protocol):
    """The fleet's tasks. Both raise ObservationError when ECS did not tell them all."""

    def live(self) -> Sequence[Carrier]:
        """Those that start or run, with those that were launched and are not listed yet."""

    def ended(self) -> Sequence[Carrier]:
        """Those that stopped or are stopping; ECS remembers them for an hour or so."""


class Launches(Protocol):
    """Starts tasks."""

    def start(self, group: Group, token: str, n: int, provider: Provider) -> Outcome:
        """Start a group's task under its token; repeating it starts none a second time."""
