"""From a container definition and its overrides to what the container runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.container_plan import ContainerPlan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autoscaler.local.ecs.catalog import Definition


def plan_containers(definition: Definition, overrides: dict[str, Any]) -> list[ContainerPlan]:
    """Plan every container of a task definition, with the request's overrides on top."""
    changes = {each["name"]: each for each in overrides.get("containerOverrides", [])}
    return [_plan(each, changes.get(each["name"], {})) for each in definition.containers]


def _plan(definition: dict[str, Any], change: dict[str, Any]) -> ContainerPlan:
    command = change.get("command") or definition.get("command") or ()
    merged = {**definition, **change}
    return ContainerPlan(
        name=definition["name"],
        image=definition["image"],
        command=(*definition.get("entryPoint", ()), *command),
        environment=_environment(definition) | _environment(change),
        essential=str(definition.get("essential", True)).lower() == "true",
        stop_timeout=_stop_timeout(definition),
        cpu=int(merged.get("cpu") or 0),
        memory=_number(merged.get("memory")),
        memory_reservation=_number(merged.get("memoryReservation")),
    )


def _environment(source: dict[str, Any]) -> dict[str, str]:
    pairs: Sequence[dict[str, str]] = source.get("environment") or ()
    return {pair["name"]: str(pair.get("value", "")) for pair in pairs}


def _stop_timeout(definition: dict[str, Any]) -> float:
    """Seconds; 30 unless given, and 2 to 120 on Fargate (API reference, ContainerDefinition)."""
    return min(120.0, max(2.0, float(definition.get("stopTimeout") or 30)))


def _number(value: Any) -> int | None:
    return None if value is None else int(value)
