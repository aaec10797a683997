"""Which modules the Lambda needs, found by following the imports of its handler."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from autoscaler.core.errors import ConfigurationError

HANDLERS = (
    "autoscaler.runtime.lambda_start",
    "autoscaler.runtime.lambda_handler",
    "autoscaler.runtime.dispatch_handler",
)
OURS = ("autoscaler", "policies")
LEFT_OUT = "autoscaler.config"
"""Validates, by pydantic: what the package carries is validated already."""


@dataclass(frozen=True, slots=True)
class Source:
    """One module of ours, as far as packaging is concerned."""

    path: Path
    tree: ast.Module
    mentioned: frozenset[str]
    """Modules that its imports name, their parents among them; a few names are none."""


@cache
def sources() -> Mapping[str, Source]:
    """The handler, all of ours that it imports, however late, and every policy of the house."""
    found: dict[str, Source] = {}
    waiting = [*HANDLERS, *_policies()]
    while waiting:
        name = waiting.pop()
        if name not in found and (path := _path(name)):
            tree = ast.parse(path.read_bytes())
            found[name] = Source(path, tree, frozenset(_mentioned(tree)))
            waiting += filter(_is_ours, found[name].mentioned)
    return found


def others() -> set[str]:
    """Top-level modules that ours import and that are neither ours nor Python's."""
    tops = {name.partition(".")[0] for one in sources().values() for name in one.mentioned}
    return tops - sys.stdlib_module_names - set(OURS)


def folder_of(package: str) -> Path:
    """Where a package's modules are."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigurationError(f"{package} is not installed as files, and cannot be packaged")
    return Path(spec.submodule_search_locations[0])


def _policies() -> list[str]:
    return [f"policies.{path.stem}" for path in sorted(folder_of("policies").glob("[!_]*.py"))]


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in OURS and not f"{name}.".startswith(f"{LEFT_OUT}.")


@cache
def _path(name: str) -> Path | None:
    """Where a module is; None for a name inside a module."""
    try:
        spec = find_spec(name)
    except ModuleNotFoundError:
        return None
    if spec is None:
        return None
    if spec.origin is None:
        raise ConfigurationError(f"{name} has no file to put into the package")
    return Path(spec.origin)


def _mentioned(tree: ast.Module) -> Iterator[str]:
    for node in _run(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _with_parents(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from _with_parents(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _run(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that may run: not what only type checkers see."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        yield from _run(node)


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])
