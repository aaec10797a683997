"""Single values from the environment, on top of the files.

``AUTOSCALER_FLEETS__SMALL__LIMITS__MAX_TASKS=4`` is ``fleets.small.limits.max_tasks``: ``__``
between keys, whatever the case, ``_`` also for a ``-``; a number is a place in a list.
Entries that users name themselves (fleets, queues, tags) can be changed, not added: upper
case does not tell how a new one is spelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields

from autoscaler.config import shape
from autoscaler.config.problems import Problem, Report, unknown
from autoscaler.config.reading import read_value
from autoscaler.config.tree import Node, Path, Place, put, reach
from autoscaler.core.settings import Settings

PREFIX = "AUTOSCALER_"
_FIRST = {field.name for field in fields(Settings)}


def override(tree: Node, environ: Mapping[str, str], root: shape.Shape, report: Report) -> Node:
    """The tree with the values that the environment replaces."""
    for name in sorted(filter(_is_ours, environ), key=_types_first):
        path = _path(name, tree, root, report)
        leaf = read_value(name, environ[name], path, report) if path else None
        tree = put(tree, path, leaf) if path and leaf else tree
    return tree


def _is_ours(name: str) -> bool:
    return name.startswith(PREFIX) and _parts(name)[0] in _FIRST


def _parts(name: str) -> list[str]:
    return name.removeprefix(PREFIX).lower().split("__")


def _types_first(name: str) -> tuple[bool, str]:
    """Which keys a store or a policy has depends on its type."""
    return _parts(name)[-1] != "type", name


def _path(name: str, tree: Node, root: shape.Shape, report: Report) -> Path | None:
    """The path a variable means; None, with the problem reported, when there is none."""
    path: Path = ()
    for part in _parts(name):
        reached, gone = reach(tree, path)
        node = reached if gone == path else None
        there = _keys(shape.follow(root, path, tree), node)
        same = [key for key in there if _folded(key) == _folded(part)]
        if len(same) != 1:
            text = _ambiguous(same) if same else unknown("such key", part, map(str, there))
            last = int(part) if node and node.items and part.isdecimal() else part
            report(Problem(Place(name), (*path, last), text))
            return None
        path = (*path, same[0])
    return path


def _keys(here: shape.Shape, node: Node | None) -> Sequence[str | int]:
    return range(len(node.items)) if node and node.items else shape.keys(here, node)


def _folded(key: str | int) -> str:
    return str(key).lower().replace("-", "_")


def _ambiguous(same: Iterable[str | int]) -> str:
    return f"this can mean {' or '.join(map(str, same))}; set it in the file instead"
