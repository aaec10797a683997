"""Which program this is, by its text: with another one the same trial may end otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_DECIDES = {"autoscaler": ("core", "simulation", "controller.py", "look.py"), "policies": ("",)}
"""The rooms and files that a simulated run depends on."""
_LOOKS_ON = {"report", "tune", "__pycache__"}
"""Of them, what only shows or uses runs."""


@cache
def program() -> str:
    """A digest of all that decides, simulates and scores."""
    seen = hashlib.sha256()
    for package, parts in _DECIDES.items():
        for part in parts:
            for name, text in _sources(files(package) / part):
                seen.update(f"{package}/{part}/{name}\n".encode() + text)
    return seen.hexdigest()


def _sources(at: Traversable) -> Iterator[tuple[str, bytes]]:
    if at.is_dir():
        for inside in sorted(at.iterdir(), key=lambda one: one.name):
            if inside.name not in _LOOKS_ON:
                yield from _sources(inside)
    elif at.name.endswith(".py"):
        yield at.name, at.read_bytes()
