"""A configuration with everything that was left out, as it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any

from autoscaler.config import shape
from autoscaler.config.form import key_of
from autoscaler.config.tree import Node, Place

DEFAULT = Place("default")
"""Where a value comes from that nobody wrote."""


def completed(node: Node, shaped: shape.Shape) -> Node:
    """The tree with the defaults of all keys that may be left out and were.

    Defaults that say nothing, such as no tags and no role, stay out.
    """
    if isinstance(node.value, Mapping):
        return Node({**_written(node, shaped), **_left_out(node, shaped)}, node.place)
    if isinstance(node.value, list):
        items = enumerate(node.items)
        below = [completed(item, shape.follow(shaped, (at,), node)) for at, item in items]
        return Node(below, node.place, node.written)
    return node


def _written(node: Node, shaped: shape.Shape) -> dict[str, Node]:
    return {
        key: completed(child, shape.follow(shaped, (key,), node))
        for key, child in node.children.items()
    }


def _left_out(node: Node, shaped: shape.Shape) -> dict[str, Node]:
    if shape.is_free(shaped):
        return {}
    known = {
        key_of(name): _node(value)
        for cls in shape.classes(shaped, node)
        for name, value in _defaults(cls)
        if key_of(name) not in node.children
    }
    return {key: one for key, one in known.items() if not _says_nothing(one.value)}


def _defaults(cls: Any) -> Iterator[tuple[str, Any]]:
    """Of a dataclass, or of a form made from one: the fields that have one, by name."""
    if is_dataclass(cls):
        for field in fields(cls):
            if field.default_factory is not MISSING:
                yield field.name, field.default_factory()
            elif field.default is not MISSING:
                yield field.name, field.default
        return
    for name, info in getattr(cls, "model_fields", {}).items():
        if not info.is_required():
            yield name, info.get_default(call_default_factory=True)


def _says_nothing(value: object) -> bool:
    return value is None or value in ({}, (), [])


def _node(value: Any) -> Node:
    """A value of the core as it would be written."""
    if is_dataclass(value):
        named = {field.name: getattr(value, field.name) for field in fields(value)}
        said = {key_of(name): one for name, one in named.items() if not _says_nothing(one)}
        return Node({key: _node(one) for key, one in said.items()}, DEFAULT)
    if isinstance(value, Mapping):
        return Node({key: _node(one) for key, one in value.items()}, DEFAULT)
    if isinstance(value, tuple):
        return Node([_node(one) for one in value], DEFAULT)
    plain = value.value if isinstance(value, Enum) else value
    whole = isinstance(plain, float) and plain.is_integer()
    return Node(int(plain) if whole else plain, DEFAULT)
