"""Reads a world's knobs from YAML, by the rules and in the sentences of a configuration."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from autoscaler.config.form import form
from autoscaler.config.problems import Problem, Report, as_error
from autoscaler.config.reading import read_file
from autoscaler.config.sentences import explain, follows
from autoscaler.config.tree import Node, plain
from autoscaler.simulation.knobs import Knobs


def read_knobs(path: Path) -> Knobs:
    """The knobs a file such as ``world.yaml`` describes; what it leaves out has its default.

    Raises:
        ConfigurationError: with one line for each problem: file, line, key, what was found and
            what is allowed.
    """
    problems: list[Problem] = []
    tree = read_file(path, problems.append)
    knobs = None if tree is None else _validated(tree, problems.append)
    if knobs is None or problems:
        raise as_error(problems)
    return knobs


def _validated(tree: Node, report: Report) -> Knobs | None:
    try:
        return _reader().validate_json(json.dumps(plain(tree)))
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            if not follows(detail, tree):
                report(explain(detail, tree, _document()))
    return None


@cache
def _reader() -> TypeAdapter[Knobs]:
    return TypeAdapter(_document())


@cache
def _document() -> Any:
    """The type of a world's knobs as written."""
    return form(Knobs)
