"""What a container shall run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContainerPlan:
    """What one container of a task runs, overrides already applied.

    `stop_timeout` are the seconds between SIGTERM and SIGKILL. cpu and memory are in AWS units.
    """

    name: str
    image: str
    command: tuple[str, ...]
    environment: dict[str, str]
    essential: bool = True
    stop_timeout: float = 30.0
    cpu: int = 0
    memory: int | None = None
    memory_reservation: int | None = None
