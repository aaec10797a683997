"""What answers of AWS mean, where that takes more than a key. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autoscaler.core.settings import FleetSettings
from autoscaler.operations.doctor.facts import Told
from autoscaler.operations.doctor.knowing import NotKnownError, NotThereError


def container_of(definition: Told, name: str) -> Told:
    """The container of this name.

    Raises:
        NotThereError: the task definition has none.
    """
    for one in definition["containerDefinitions"]:
        if one["name"] == name:
            found: Told = one
            return found
    raise NotThereError(f"the task definition {definition['family']} has no container {name}")


def command_of(fleet: FleetSettings, container: Told) -> Sequence[str]:
    """What its container is told to run; empty where its image says that."""
    return [*(fleet.overrides.command or container.get("command") or [])]


def units(definition: Told, name: str) -> int:
    """A task's own ``cpu``, 1024 a vCPU, or its ``memory`` in MiB; ECS sends them as text.

    Raises:
        NotKnownError: it has none.
    """
    text = str(definition.get(name) or "")
    if not text.isdecimal():
        raise NotKnownError(f"the task definition {definition['family']} has no {name} of its own")
    return int(text)


def awslogs(container: Told) -> Mapping[str, str] | None:
    """The options of its log driver awslogs; None: it logs otherwise, or not at all."""
    log: Mapping[str, Any] = container.get("logConfiguration") or {}
    return log.get("options", {}) if log.get("logDriver") == "awslogs" else None


def architecture(definition: Told) -> str:
    """As ECS names it: X86_64 unless said otherwise."""
    platform: Mapping[str, str] = definition.get("runtimePlatform") or {}
    return platform.get("cpuArchitecture") or "X86_64"
