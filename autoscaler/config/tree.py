"""A configuration as read: values that know where they were written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""
Value: TypeAlias = "Mapping[str, Node] | Sequence[Node] | str | int | float | bool | None"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was written: a file and a line (from 1), or an environment variable."""

    source: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = (self.source, self.line, self.column)
        return ":".join(str(part) for part in parts if part is not None)


@dataclass(frozen=True, slots=True)
class Node:
    """A value, its place, and how it was spelled there: YAML reads ``20:00`` as 1200."""

    value: Value
    place: Place
    written: str = ""

    @property
    def children(self) -> Mapping[str, Node]:
        """The entries of a mapping; none of anything else."""
        return self.value if isinstance(self.value, Mapping) else {}

    @property
    def items(self) -> Sequence[Node]:
        """The items of a list; none of anything else."""
        return () if isinstance(self.value, Mapping | str) else _sequence(self.value)

    def child(self, key: str | int) -> Node | None:
        """What is below this key or list position, or None."""
        if isinstance(key, str):
            return self.children.get(key)
        return self.items[key] if key < len(self.items) else None


def _sequence(value: object) -> Sequence[Node]:
    return value if isinstance(value, list) else ()


def plain(node: Node) -> Any:
    """The value alone, as JSON has it."""
    if isinstance(node.value, Mapping):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(item) for item in node.value]
    return node.value


def merge(base: Node, over: Node) -> Node:
    """Both as one: mappings entry by entry, of everything else the second.

    A mapping that is in both keeps the place of the first, where its required keys belong.
    """
    if not (isinstance(base.value, Mapping) and isinstance(over.value, Mapping)):
        return over
    both = base.value.keys() & over.value.keys()
    merged = {key: merge(base.value[key], over.value[key]) for key in both}
    return Node({**base.value, **over.value, **merged}, base.place)


def put(node: Node | None, path: Path, leaf: Node) -> Node:
    """The tree with ``leaf`` at ``path``; mappings that are missing on the way are made."""
    if not path:
        return leaf
    key, rest = path[0], path[1:]
    below = put(node.child(key) if node else None, rest, leaf)
    if isinstance(key, int):
        items = node.items if node else ()
        value: Value = [*items[:key], below, *items[key + 1 :]]
    else:
        value = {**(node.children if node else {}), key: below}
    return Node(value, node.place if node else leaf.place)


def reach(node: Node, path: Path) -> tuple[Node, Path]:
    """The node at a path and the path; where nothing is there, the deepest on the way."""
    gone: Path = ()
    for key in path:
        below = node.child(key)
        if below is None:
            break
        node, gone = below, (*gone, key)
    return node, gone
