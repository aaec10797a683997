"""What tasks run on, and what then has to be said of it or has no meaning.

Done on the tree, as the other checks are: these problems are told together with all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autoscaler.config.problems import Problem, Report
from autoscaler.config.tree import Node, Path, reach

_REQUIRED = "this key is required, and missing"
_NOT_ON_EC2 = {
    "platform_version": "only Fargate has platform versions; remove it",
    "spot": "a group's own mixed instances policy says what is Spot on EC2; remove it",
    "assign_public_ip": "ECS gives tasks on EC2 no public addresses; remove it",
}
_OF_INTERFACES = ("subnets", "security_groups")


@dataclass(frozen=True, slots=True)
class _Fleet:
    name: str
    node: Node

    @property
    def on_ec2(self) -> bool:
        return _value(self.node.child("capacity")) == "ec2"

    @property
    def instances(self) -> Node | None:
        found = self.node.child("instances")
        return found if found and isinstance(found.value, Mapping) else None

    def problem(self, text: str, *keys: str) -> Problem:
        """At a key of the fleet, or where it would be."""
        path: Path = ("fleets", self.name, *keys)
        return Problem(reach(self.node, keys)[0].place, path, text)


def check_capacity(tree: Node, report: Report) -> None:
    """Report fleets that lack a place for their tasks, and options that another place has."""
    nodes = reach(tree, ("fleets",))[0].children
    fleets = [_Fleet(name, node) for name, node in nodes.items() if _has_capacity(node)]
    for fleet in fleets:
        for problem in _on_ec2(fleet) if fleet.on_ec2 else _on_fargate(fleet):
            report(problem)
    for problem in _shared(fleets):
        report(problem)


def _has_capacity(node: Node) -> bool:
    """A service has its own; what is no mapping is told elsewhere."""
    return isinstance(node.value, Mapping) and _value(node.child("run")) in (None, "tasks")


def _on_fargate(fleet: _Fleet) -> Iterator[Problem]:
    if fleet.node.child("subnets") is None:
        yield fleet.problem(_REQUIRED, "subnets")
    if fleet.node.child("instances") is not None:
        text = "Fargate has no instances; write capacity: ec2, or remove them"
        yield fleet.problem(text, "instances")


def _on_ec2(fleet: _Fleet) -> Iterator[Problem]:
    for key, text in _NOT_ON_EC2.items():
        written = fleet.node.child(key)
        if written is not None and _value(written) is not False:
            yield fleet.problem(text, key)
    instances = fleet.instances
    if instances is None:
        if fleet.node.child("instances") is None:
            yield fleet.problem(_REQUIRED, "instances")
        return
    if not instances.child("group") and not instances.child("capacity_provider"):
        text = "name the Auto Scaling group or the capacity_provider that tasks run on"
        yield fleet.problem(text, "instances")
    yield from _network(fleet, _value(instances.child("network")) or "awsvpc")


def _network(fleet: _Fleet, network: object) -> Iterator[Problem]:
    if network == "awsvpc":
        if fleet.node.child("subnets") is None:
            yield fleet.problem(_REQUIRED, "subnets")
        return
    for key in _OF_INTERFACES:
        if fleet.node.child(key) is not None:
            text = f"with network: {network} tasks have no interface of their own; remove it"
            yield fleet.problem(text, key)


def _shared(fleets: list[_Fleet]) -> Iterator[Problem]:
    """Two fleets that each count a group's instances for themselves would undo one another."""
    owners: dict[str, str] = {}
    for fleet in fleets:
        group = _value(fleet.instances.child("group")) if fleet.instances else None
        if not isinstance(group, str):
            continue
        first = owners.setdefault(group, fleet.name)
        if first != fleet.name:
            text = f"the fleet {first} scales this group; give each fleet a group of its own"
            yield fleet.problem(text, "instances", "group")


def _value(node: Node | None) -> object:
    return node.value if node else None
