"""A configuration written out again as YAML, with where each value comes from."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from autoscaler.config.problems import written_path
from autoscaler.config.tree import Node, Path, plain

_STEP = "  "


def written(tree: Node) -> str:
    """The tree as YAML, a comment behind each value."""
    return "\n".join(_block(tree)) + "\n"


def origins(tree: Node, path: Path = ()) -> Iterator[tuple[str, str]]:
    """Each value's path, as problems name it, and its place."""
    below = tree.children.items() if tree.children else enumerate(tree.items)
    for key, child in below:
        yield from origins(child, (*path, key))
    if not _parts(tree):
        yield written_path(path), str(tree.place)


def _block(node: Node) -> Iterator[str]:
    for key, child in node.children.items():
        name = inline(key)
        if child.children:
            yield f"{name}:"
            yield from (_STEP + line for line in _block(child))
        elif _is_long(child):
            yield f"{name}:"
            yield from (_STEP + line for item in child.items for line in _entry(item))
        else:
            yield f"{name}: {_commented(child)}"


def _entry(item: Node) -> Iterator[str]:
    """An item of a list: a dash before its first line, the others below that."""
    lines = _block(item) if item.children else iter([_commented(item)])
    yield f"- {next(lines)}"
    yield from (_STEP + line for line in lines)


def _is_long(node: Node) -> bool:
    """Whether a list is to be written an item a line, as policies are."""
    return any(_parts(item) for item in node.items)


def _parts(node: Node) -> bool:
    return bool(node.children or node.items)


def _commented(node: Node) -> str:
    places = dict.fromkeys(str(one.place) for one in node.items or (node,))
    return f"{inline(plain(node))}  # {', '.join(places)}"


def inline(value: object) -> str:
    """A value on one line, in quotes where YAML would take it for something else."""
    text: str = yaml.safe_dump(value, default_flow_style=True, width=float("inf"))
    return text.removesuffix("...\n").rstrip("\n")
