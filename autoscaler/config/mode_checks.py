"""What modes of a queue ask of the rest of a configuration."""

from __future__ import annotations

from collections.abc import Mapping

from autoscaler.config.problems import Problem, Report
from autoscaler.config.tree import Node


def check_modes(queues: Mapping[str, Node], fleets: Mapping[str, Node], report: Report) -> None:
    """Report queues whose other consumer could not be switched off for them alone."""
    for name, queue in queues.items():
        modes = queue.child("modes")
        problem = modes and _problem(name, queue, queues, fleets)
        if modes and problem:
            report(Problem(modes.place, ("queues", name, "modes"), problem))


def _problem(
    name: str, queue: Node, queues: Mapping[str, Node], fleets: Mapping[str, Node]
) -> str | None:
    fleet = _text(queue, "fleet")
    settings = fleets.get(fleet)
    if not settings or not isinstance(queue.children["modes"].value, Mapping):
        return None
    if _text(settings, "run") == "service":
        return f"the fleet {fleet} is a service itself; modes are for a fleet with run: tasks"
    if queue.children["modes"].child("function"):
        return None
    if _text(settings, "launch") == "per_message":
        return "give function, the Lambda function whose mapping works in queued mode"
    others = [one for one in queues if one != name and _text(queues[one], "fleet") == fleet]
    if others:
        return (
            f"the fleet {fleet} serves {', '.join(others)} as well, so that its tasks never leave "
            "this queue alone; give it a fleet of its own"
        )
    return None


def _text(node: Node, key: str) -> str:
    child = node.child(key)
    return str(child.value) if child else ""
