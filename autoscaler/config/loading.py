"""Files and environment in, settings out, or every problem in one error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path

from autoscaler.config.capacity_checks import check_capacity
from autoscaler.config.checks import check
from autoscaler.config.completing import completed
from autoscaler.config.document import document, validate
from autoscaler.config.environment import override
from autoscaler.config.problems import Problem, as_error
from autoscaler.config.reading import read_file
from autoscaler.config.tree import Node, merge
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import Settings


def load(paths: Sequence[str | Path], environ: Mapping[str, str]) -> Settings:
    """The settings that files and environment describe.

    Args:
        paths: YAML files; a later one goes over an earlier one, mappings entry by entry,
            everything else replaced.
        environ: variables such as ``AUTOSCALER_PERIOD`` go over all files; others are ignored.

    Raises:
        ConfigurationError: with one line for each problem: where, which key, what was found
            and what is allowed.
    """
    return _loaded(paths, environ)[1]


def effective(paths: Sequence[str | Path], environ: Mapping[str, str]) -> Node:
    """All that is in force, each value with where it comes from; what was left out as it counts.

    Raises:
        ConfigurationError: as ``load`` does.
    """
    return completed(_loaded(paths, environ)[0], document())


def written_tree(paths: Sequence[str | Path], environ: Mapping[str, str]) -> Node:
    """All that was written, each value with where; nothing that was left out.

    Raises:
        ConfigurationError: as ``load`` does.
    """
    return _loaded(paths, environ)[0]


def settings_of(tree: Node) -> Settings:
    """The settings that a tree describes, validated as those of files are.

    Raises:
        ConfigurationError: as ``load`` does.
    """
    return _validated(tree, [])


def _loaded(paths: Sequence[str | Path], environ: Mapping[str, str]) -> tuple[Node, Settings]:
    if not paths:
        raise ConfigurationError("there is no configuration file; name one with --config")
    problems: list[Problem] = []
    tree = override(_merged(paths, problems), environ, document(), problems.append)
    return tree, _validated(tree, problems)


def _validated(tree: Node, problems: list[Problem]) -> Settings:
    """The settings; ``problems``: those found before, told together with all others."""
    settings = validate(tree, problems.append)
    check(tree, problems.append)
    check_capacity(tree, problems.append)
    if problems or settings is None:
        raise as_error(problems)
    return settings


def _merged(paths: Sequence[str | Path], problems: list[Problem]) -> Node:
    """All files as one; a file that holds no mapping leaves nothing to look at further."""
    trees = [read_file(Path(path), problems.append) for path in paths]
    whole = [tree for tree in trees if tree is not None]
    if len(whole) < len(trees):
        raise as_error(problems)
    return reduce(merge, whole)
