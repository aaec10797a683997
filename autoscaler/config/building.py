"""From composed YAML nodes to a tree: merge keys, aliases, and YAML's own traps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import yaml
from yaml.constructor import SafeConstructor

from autoscaler.config.problems import Problem, Report
from autoscaler.config.tree import Node, Path, Place, Value

_CORE = "tag:yaml.org,2002:"
_TEXT = {"str", "timestamp", "value"}  # no option is a date, so 2026-01-31 stays text
_READ_AS = {"null": "no value", "bool": "true or false", "int": "a number", "float": "a number"}
_KNOWN = {_CORE + name for name in ("map", "seq", *_TEXT, *_READ_AS)}


class Builder:
    """Builds the tree of one source; a problem is reported and the building goes on."""

    def __init__(self, source: str, report: Report, *, lines: bool = True) -> None:
        self._source = source
        self._report = report
        self._lines = lines
        self._entered: set[int] = set()

    def build(self, node: yaml.Node, path: Path = (), line: int | None = None) -> Node:
        """The tree of a composed node. ``line``: of its key, from 1; by default its own."""
        line = line or _line(node)
        if node.tag not in _KNOWN:
            tag = node.tag.replace(_CORE, "!!")
            self._tell(line, path, f"the tag {tag} has no meaning here; write a plain value")
        if isinstance(node, yaml.MappingNode):
            return Node(self._mapping(node, path), self._place(line))
        if isinstance(node, yaml.SequenceNode):
            return Node(self._list(node, path), self._place(line))
        return Node(self._scalar(node, path, line), self._place(line), node.value)

    def _list(self, node: yaml.SequenceNode, path: Path) -> list[Node]:
        with self._inside(node, path) as new:
            items = enumerate(node.value if new else ())
            return [self.build(item, (*path, index)) for index, item in items]

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Node]:
        with self._inside(node, path) as new:
            pairs = self._pairs(node, path) if new else {}
            return {
                key: self.build(value, (*path, key), _line(key_node))
                for key, (key_node, value) in pairs.items()
            }

    def _pairs(
        self, mapping: yaml.MappingNode, path: Path
    ) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        own: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        merged: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key_node, value in mapping.value:
            if key_node.tag == _CORE + "merge":
                merged = {**self._merged(key_node, value, path), **merged}
                continue
            key = self._key(key_node, path)
            if key in own:
                first = _line(own[key][0])
                text = f"this key is there twice, first in line {first}; keep one"
                self._tell(_line(key_node), (*path, key), text)
            elif key is not None:
                own[key] = key_node, value
        return {**merged, **own}

    def _merged(
        self, key_node: yaml.Node, source: yaml.Node, path: Path
    ) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        sources = source.value if isinstance(source, yaml.SequenceNode) else [source]
        pairs: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for one in sources:
            if not isinstance(one, yaml.MappingNode):
                self._tell(_line(key_node), path, "<< takes a mapping or a list of mappings")
                continue
            with self._inside(one, path) as new:
                pairs = {**(self._pairs(one, path) if new else {}), **pairs}
        return pairs

    def _key(self, node: yaml.Node, path: Path) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            self._tell(_line(node), path, "a key must be text, not a list or a mapping")
            return None
        read_as = _READ_AS.get(node.tag.removeprefix(_CORE))
        if read_as:
            text = f'YAML reads this key as {read_as}; put it in quotes: "{node.value}"'
            self._tell(_line(node), (*path, node.value), text)
        return str(node.value)

    def _scalar(self, node: yaml.Node, path: Path, line: int) -> Value:
        kind = node.tag.removeprefix(_CORE)
        if kind not in _READ_AS:
            return str(node.value)
        try:
            read: Value = SafeConstructor().construct_object(node)
        except (ValueError, KeyError):
            self._tell(line, path, f"{node.value} cannot be read as {_READ_AS[kind]}")
            return str(node.value)
        return read

    @contextmanager
    def _inside(self, node: yaml.Node, path: Path) -> Iterator[bool]:
        """False when the node is inside itself, which aliases make possible."""
        new = id(node) not in self._entered
        if not new:
            self._tell(_line(node), path, "this contains itself by an alias; write it out")
        before = self._entered
        self._entered = before | {id(node)}
        try:
            yield new
        finally:
            self._entered = before

    def _tell(self, line: int, path: Path, text: str) -> None:
        self._report(Problem(self._place(line), path, text))

    def _place(self, line: int) -> Place:
        return Place(self._source, line if self._lines else None)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
