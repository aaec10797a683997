"""What is wrong with a configuration, one line a problem, and all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

from autoscaler.config.tree import Path, Place
from autoscaler.core.errors import ConfigurationError

MOST_LINES = 12  # half of a 24-line terminal: the command that failed stays in sight


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: where it was written, the path of its key, and a sentence."""

    place: Place
    path: Path
    text: str

    def __str__(self) -> str:
        parts = (str(self.place), written_path(self.path), self.text)
        return ": ".join(part for part in parts if part)

    @property
    def order(self) -> tuple[str, int]:
        """Problems are told file by file, from the top."""
        return self.place.source, self.place.line or 0


Report: TypeAlias = Callable[[Problem], None]
"""Takes a problem and lets the reading go on."""


def written_path(path: Path) -> str:
    """The path as people write it: ``queues.thumbnails.policies[0].type``."""
    steps = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return "".join(steps).removeprefix(".")


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """A sentence for a name that does not exist: the nearest that does, or else all."""
    there = [*known]
    near = get_close_matches(name, there, n=1)
    if near:
        return f"there is no {what}; did you mean {near[0]}?"
    return f"there is no {what}; known: {', '.join(there)}" if there else f"there is no {what}"


def as_error(problems: Sequence[Problem]) -> ConfigurationError:
    """One error with a line for each problem, at most ``MOST_LINES``.

    Of several problems with one value only the first is told: the others follow from it.
    """
    first: dict[tuple[Place, Path], Problem] = {}
    for problem in problems:
        first.setdefault((problem.place, problem.path), problem)
    lines = [str(problem) for problem in sorted(first.values(), key=lambda one: one.order)]
    if len(lines) > MOST_LINES:
        more = len(lines) - MOST_LINES + 1
        lines = [*lines[: MOST_LINES - 1], f"and {more} more like these"]
    return ConfigurationError("\n".join(lines))
