"""Which keys there can be at a path, and which values: the annotations, followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from autoscaler.config.choice import Choice
from autoscaler.config.form import key_of
from autoscaler.config.tree import Node, Path

Shape: TypeAlias = Any
"""An annotation."""


def follow(shape: Shape, path: Path, node: Node | None) -> Shape:
    """The shape at a path of a tree; ``Any`` where nothing is known."""
    for key in path:
        shape = _below(shape, key, node)
        node = node.child(key) if node else None
    return shape


def keys(shape: Shape, node: Node | None) -> list[str]:
    """The keys a mapping of this shape can have; where users name them, those it has."""
    if is_free(shape):
        return [*(node.children if node else ())]
    return [*_members(shape, node)]


def is_free(shape: Shape) -> bool:
    """Whether users choose the keys: names of fleets and queues, tags."""
    return _origin(_bare(shape)) is Mapping


def values(shape: Shape) -> list[Any]:
    """The values to choose from; empty where there is no such list."""
    bare = _bare(shape)
    if _origin(bare) is Literal:
        return [value.value if isinstance(value, Enum) else value for value in get_args(bare)]
    is_enum = isinstance(bare, type) and issubclass(bare, Enum)
    return [member.value for member in bare] if is_enum else []


def rules(shape: Shape) -> list[Any]:
    """What its annotations ask of a value beyond its type, None being allowed or not."""
    if _origin(shape) in {Union, UnionType}:
        return [rule for arm in get_args(shape) for rule in rules(arm)]
    return [*get_args(shape)[1:]] if _origin(shape) is Annotated else []


def _below(shape: Shape, key: str | int, node: Node | None) -> Shape:
    if is_free(shape):
        return get_args(_bare(shape))[1]
    if isinstance(key, int):
        return next(iter(get_args(_bare(shape))), Any)
    return _members(shape, node).get(key, Any)


def classes(shape: Shape, node: Node | None) -> list[Any]:
    """The class a mapping is read into, or a form of it; several while its type is unknown."""
    choice = _choice(shape)
    if choice is None:
        return [_bare(shape)]
    tag = node.child(choice.key) if node else None
    return [*choice.possible(tag.value if tag else choice.default)]


def _members(shape: Shape, node: Node | None) -> dict[str, Shape]:
    choice = _choice(shape)
    members: dict[str, Shape] = {choice.key: str} if choice else {}
    for cls in classes(shape, node):
        members = {**_fields(cls), **members}
    return members


def _fields(cls: Any) -> dict[str, Shape]:
    """Of a dataclass or of a form made from one."""
    if is_dataclass(cls):
        names = {field.name for field in fields(cls)}
    else:
        names = {*getattr(cls, "model_fields", ())}
    hints = get_type_hints(cls, include_extras=True) if names else {}
    return {key_of(name): hint for name, hint in hints.items() if name in names}


def _choice(shape: Shape) -> Choice | None:
    rest = get_args(shape)[1:] if _origin(shape) is Annotated else ()
    return next((item for item in rest if isinstance(item, Choice)), None)


def _origin(shape: Shape) -> object:
    origin: object = get_origin(shape)
    return origin


def _bare(shape: Shape) -> Shape:
    """Without bounds, and without None where that is the only other possibility."""
    if _origin(shape) is Annotated:
        return _bare(get_args(shape)[0])
    if _origin(shape) in {Union, UnionType}:
        arms = [arm for arm in get_args(shape) if arm is not type(None)]
        return _bare(arms[0]) if len(arms) == 1 else shape
    return shape
