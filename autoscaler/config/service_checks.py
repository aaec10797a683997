"""What fleets that are services ask of one another, and of the rest of a configuration."""

from __future__ import annotations

from collections.abc import Mapping

from autoscaler.config.problems import Problem, Report
from autoscaler.config.tree import Node, reach


def check_services(tree: Node, fleets: Mapping[str, Node], report: Report) -> None:
    """Report services that two fleets set, and suspensions that nobody would remember."""
    _check_owners(fleets, report)
    _check_remembered(tree, fleets, report)


def _check_owners(fleets: Mapping[str, Node], report: Report) -> None:
    """Two fleets that set one service's desired count would undo one another."""
    owners: dict[tuple[object, ...], str] = {}
    for name, fleet in fleets.items():
        service = fleet.child("service")
        if service is None:
            continue
        said = [fleet.child(key) for key in ("cluster", "service", "region", "role")]
        place = tuple(str(node.value) if node else None for node in said)
        first = owners.setdefault(place, name)
        if first != name:
            text = f"the fleet {first} is this service; let its queues name that fleet instead"
            report(Problem(service.place, ("fleets", name, "service"), text))


def _check_remembered(tree: Node, fleets: Mapping[str, Node], report: Report) -> None:
    """What was suspended before is in the memory, and nowhere else."""
    kind, path = reach(tree, ("store", "type"))
    if len(path) > 1 and kind.value != "memory":
        return
    for name, fleet in fleets.items():
        chosen = fleet.child("when_scaled_by_others")
        if chosen and chosen.value == "suspend":
            text = (
                "what is suspended must be remembered to be given back, and this store ends with "
                "the process; write store.type: file or dynamodb, or hold here"
            )
            report(Problem(chosen.place, ("fleets", name, "when_scaled_by_others"), text))
