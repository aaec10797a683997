"""The configuration that candidates are put into: the user's own, or a fresh one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autoscaler.config.loading import settings_of
from autoscaler.config.tree import Node, Path, Place, plain, put, reach
from autoscaler.config.writing import written
from autoscaler.core.rules import Limits
from autoscaler.core.settings import Settings
from autoscaler.simulation.one_queue import queue_of
from autoscaler.simulation.tune.candidates import Candidate

CHOSEN = Place("chosen by tune")
"""Where a value comes from that a search has found."""
_RESTRAINTS = {"cost_window", "budget", "forecast", "warm"}
"""Policies that want nothing and only bound: they are the user's and stay beside what is found."""
_ROOT = {"period"}
"""Of the options of a fleet's space, those of the whole installation; the others are limits."""


@dataclass(frozen=True, slots=True)
class Base:
    """A whole configuration as written, and whose policies in it are searched."""

    tree: Node
    queue: str

    @property
    def settings(self) -> Settings:
        """As it is."""
        return settings_of(self.tree)

    @property
    def fleet(self) -> str:
        """That serves the queue."""
        return self.settings.queues[self.queue].fleet

    def is_free(self, option: str) -> bool:
        """Whether nobody has written this option, and nobody else has to live with it."""
        path = self._path(option)
        others = [
            queue
            for name, queue in self.settings.queues.items()
            if name != self.queue and (option in _ROOT or queue.fleet == self.fleet)
        ]
        node, reached = reach(self.tree, path)
        return not others and (reached != path or node.place == CHOSEN)

    def with_(self, candidate: Candidate) -> Base:
        """The same with this queue's policies, and the fleet's options, as proposed.

        Policies that only bound what others want stay.
        """
        tree, policies = self.tree, self._policies
        stay = [each for each in reach(tree, policies)[0].items if _restrains(each)]
        tree = put(tree, policies, Node([*map(_node, candidate.policies), *stay], CHOSEN))
        for option, value in candidate.fleet.items():
            tree = put(tree, self._path(option), _node(value))
        return Base(tree, self.queue)

    def text(self) -> str:
        """YAML, a comment behind each value: where it comes from, or what to fill in."""
        return written(self.tree)

    def to_json(self) -> Any:
        """Its values alone."""
        return plain(self.tree)

    @property
    def _policies(self) -> Path:
        return "queues", self.queue, "policies"

    def _path(self, option: str) -> Path:
        return (option,) if option in _ROOT else ("fleets", self.fleet, "limits", option)


def own(tree: Node, queue: str | None) -> Base:
    """The user's own configuration.

    Raises:
        ConfigurationError: it is wrong, or it has several queues and none of them was named.
    """
    return Base(tree, queue_of(settings_of(tree), queue))


def fresh(queue: str) -> Base:
    """A first configuration for a queue of this name; ``FILL IN`` stands behind what is unknown.

    Its only policy is the blueprint's, until it is replaced.
    """
    name = "".join(each if each.isalnum() or each in "-_" else "-" for each in queue)[:64]
    return Base(
        Node(
            {
                "version": _said(1, "the form of this file"),
                "installation": _said(name, "owns the tasks it launches: keep it once in use"),
                "period": _node("2m"),
                "store": Node(
                    {
                        "type": _said("file", "dynamodb, with its table, for several replicas"),
                        "path": _said("autoscaler-memory", "a directory that outlives the process"),
                    },
                    CHOSEN,
                ),
                "fleets": Node({name: _fresh_fleet()}, CHOSEN),
                "queues": Node({name: _fresh_queue(queue, name)}, CHOSEN),
            },
            CHOSEN,
        ),
        name,
    )


def _fresh_fleet() -> Node:
    fill_in = {
        "cluster": ("default", "FILL IN the ECS cluster"),
        "task_definition": ("queue-worker", "FILL IN its family"),
        "container": ("worker", "FILL IN the container that works on the queue"),
        "subnets": (["subnet-fill-in"], "FILL IN subnets that reach SQS, ECR and CloudWatch"),
    }
    told = {key: _said(*each) for key, each in fill_in.items()}
    return Node({**told, "limits": _node({"max_tasks": Limits().max_tasks})}, CHOSEN)


def _fresh_queue(queue: str, fleet: str) -> Node:
    return Node(
        {
            "queue": _said(queue, "name, URL or ARN"),
            "fleet": _said(fleet, "as above"),
            "policies": _node([{"type": "depth"}]),
        },
        CHOSEN,
    )


def _restrains(policy: Node) -> bool:
    kind = policy.child("type")
    return kind is not None and kind.value in _RESTRAINTS


def _said(value: object, comment: str) -> Node:
    return _node(value, Place(comment))


def _node(value: object, place: Place = CHOSEN) -> Node:
    """A plain value as it would be read from a file."""
    if isinstance(value, Mapping):
        return Node({key: _node(below, place) for key, below in value.items()}, place)
    if isinstance(value, list):
        return Node([_node(below, place) for below in value], place)
    return Node(value if isinstance(value, int | float | str) else None, place)
