"""What no single value shows: fleets and queues that do not fit together, crossed limits.

Done on the tree, so that these problems are told together with all others, whatever else is
wrong. What is not as it should be is skipped here: pydantic tells it.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from autoscaler.config.mode_checks import check_modes
from autoscaler.config.problems import Problem, Report, unknown
from autoscaler.config.service_checks import check_services
from autoscaler.config.tree import Node, Path, reach
from autoscaler.core.rules import Limits


def check(tree: Node, report: Report) -> None:
    """Report queues without their fleet, fleets without a queue and floors above ceilings."""
    fleets = reach(tree, ("fleets",))[0].children
    served = _served(tree, report)
    for name, fleet in fleets.items():
        if name not in served:
            text = "no queue names this fleet; name it in a queue or remove it"
            report(Problem(fleet.place, ("fleets", name), text))
        _check_limits(fleet, ("fleets", name, "limits"), report)
    check_modes(reach(tree, ("queues",))[0].children, fleets, report)
    check_services(tree, fleets, report)
    taken: set[str] = set()
    for name, queue in reach(tree, ("queues",))[0].children.items():
        _check_launch(queue, ("queues", name), fleets, report)
        _check_alone(queue, ("queues", name), fleets, taken, report)


def _served(tree: Node, report: Report) -> set[str]:
    """The fleets that queues name, and those they nearly name: one mistake, one problem."""
    fleets = reach(tree, ("fleets",))[0].children
    served = set()
    for queue, node in reach(tree, ("queues",))[0].children.items():
        fleet = node.child("fleet")
        if fleet is None or not isinstance(fleet.value, str):
            continue
        served |= {fleet.value, *get_close_matches(fleet.value, fleets, n=1)}
        if fleet.value not in fleets:
            text = unknown(f"fleet {fleet.value}", fleet.value, fleets)
            report(Problem(fleet.place, ("queues", queue, "fleet"), text))
    return served


def _check_launch(queue: Node, path: Path, fleets: Mapping[str, Node], report: Report) -> None:
    """Either policies say how many tasks a queue needs, or its messages do."""
    fleet = _fleet_of(queue, fleets)
    policies, dispatch = queue.child("policies"), queue.child("dispatch")
    if _per_message(fleet):
        if policies:
            text = "its fleet launches per message, so that nobody asks policies; remove them"
            report(Problem(policies.place, (*path, "policies"), text))
        return
    if policies is None and isinstance(queue.value, Mapping):
        text = "this key is required, and missing"
        report(Problem(queue.place, (*path, "policies"), text))
    if dispatch and fleet:
        text = "its fleet launches by policy; write launch: per_message there, or remove this"
        report(Problem(dispatch.place, (*path, "dispatch"), text))


def _check_alone(
    queue: Node, path: Path, fleets: Mapping[str, Node], taken: set[str], report: Report
) -> None:
    """Whoever dispatches a queue keeps its fleet's max_tasks, knowing of no other's launches."""
    named = queue.child("fleet")
    if named is None or not _per_message(_fleet_of(queue, fleets)):
        return
    if str(named.value) in taken:
        text = "a fleet that launches per message serves one queue; give this one its own fleet"
        report(Problem(named.place, (*path, "fleet"), text))
    taken.add(str(named.value))


def _fleet_of(queue: Node, fleets: Mapping[str, Node]) -> Node | None:
    named = queue.child("fleet")
    return fleets.get(str(named.value)) if named else None


def _per_message(fleet: Node | None) -> bool:
    launch = fleet.child("launch") if fleet else None
    return launch is not None and launch.value == "per_message"


def _check_limits(fleet: Node, path: Path, report: Report) -> None:
    floor, ceiling = _limit(fleet, "min_tasks"), _limit(fleet, "max_tasks")
    least = _count(floor, Limits().min_tasks)
    most = _count(ceiling, Limits().max_tasks)
    if floor and least is not None and most is not None and least > most:
        text = f"{least} is too large; it must be at most max_tasks, which is {most}"
        report(Problem(floor.place, (*path, "min_tasks"), text))


def _limit(fleet: Node, name: str) -> Node | None:
    limits = fleet.child("limits")
    return limits.child(name) if limits else None


def _count(node: Node | None, default: int) -> int | None:
    if node is None:
        return default
    return node.value if type(node.value) is int else None
