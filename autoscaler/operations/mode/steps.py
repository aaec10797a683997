"""What there is to do and to wait for, as values. Each can be repeated without harm."""

from __future__ import annotations

from dataclasses import dataclass, field

from autoscaler.operations.mode.definition import Definition


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it does, and what it changes, in words."""

    name: str
    does: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Wait(Step):
    """Nothing is done: what an earlier step began comes to its end."""

    failure: str | None = None
    """Why it will not, as far as can be seen."""
    for_tasks: bool = False
    """Whether tasks are to leave by themselves, which a queue that is never empty keeps."""


@dataclass(frozen=True, slots=True)
class Register(Step):
    """A new revision of the service's task definition."""

    definition: Definition = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Roll(Step):
    """The service gets a revision and a desired count; None: it keeps its own."""

    arn: str | None = None
    desired: int | None = None


@dataclass(frozen=True, slots=True)
class SwitchMapping(Step):
    """The event source mapping is switched on or off."""

    id: str = ""
    on: bool = False


@dataclass(frozen=True, slots=True)
class StopTasks(Step):
    """The fleet's tasks are asked to stop, as people may and no tick does."""


@dataclass(frozen=True, slots=True)
class Unprotect(Step):
    """The service's tasks lose their scale-in protection: those that are to go are then stopped."""


@dataclass(frozen=True, slots=True)
class SwitchFleet(Step):
    """The controller stops, or goes on, launching for the queue."""

    on: bool = False
