"""The libraries that go along: those that are imported, and what those require."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from importlib.util import find_spec
from pathlib import Path

from autoscaler.core.errors import ConfigurationError

ALWAYS = ("tzdata",)
"""Nobody imports it: `zoneinfo` looks for it where a system has no time zones, as Lambda's."""
OURSELVES = "queue-autoscaler"

_COMPILED = (".so", ".pyd", ".dylib")
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def files(modules: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """Every file of these top-level modules and of all they require, by its place in the package.

    Raises:
        ConfigurationError: one of them is not installed, or is compiled for this machine.
    """
    for module in sorted({*_closed({*modules, *ALWAYS})}):
        for place, path in _module(module):
            if path.suffix in _COMPILED:
                raise ConfigurationError(
                    f"{module} has parts compiled for this machine ({path.name}), which Lambda's "
                    "may not run; ship it in a container image instead"
                )
            yield place, path


def _module(name: str) -> Iterator[tuple[str, Path]]:
    spec = find_spec(name)
    if spec is None or not (spec.origin or spec.submodule_search_locations):
        raise ConfigurationError(f"{name} is not installed here; install it, then package again")
    if not spec.submodule_search_locations:
        path = Path(str(spec.origin))
        yield path.name, path
        return
    for folder in map(Path, spec.submodule_search_locations):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyi":
                yield path.relative_to(folder.parent).as_posix(), path


def _closed(modules: set[str]) -> set[str]:
    """With the modules of everything their distributions require."""
    named: set[str] = set()
    waiting = [name for name, its in _modules_of().items() if its & modules]
    found = set(modules)
    while waiting:
        name = waiting.pop()
        if name not in named and name != OURSELVES:
            named.add(name)
            found |= _modules_of().get(name, set())
            waiting += _required(name)
    return found


def _required(distribution: str) -> list[str]:
    """What it always requires; extras are nobody's here."""
    try:
        written = requires(distribution) or []
    except PackageNotFoundError:
        return []
    needed = [text for text in written if "extra ==" not in text]
    return [_canonical(match[0]) for text in needed if (match := _NAME.match(text))]


@cache
def _modules_of() -> Mapping[str, set[str]]:
    """The top-level modules of each distribution that is installed."""
    found: dict[str, set[str]] = {}
    for module, distributions in packages_distributions().items():
        for name in distributions:
            if module.isidentifier():
                found.setdefault(_canonical(name), set()).add(module)
    return found


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
