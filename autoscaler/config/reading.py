"""YAML into a tree: every value with its line, and what YAML lets pass reported."""

from __future__ import annotations

from pathlib import Path as File
from typing import Any

import yaml

from autoscaler.config.building import Builder
from autoscaler.config.problems import Problem, Report
from autoscaler.config.tree import Node, Path, Place

# libyaml's parser where PyYAML was built with it: ten times faster, the same nodes.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_file(file: File, report: Report) -> Node | None:
    """The tree of one file; None, with the problem reported, when it has none."""
    start = Place(str(file))
    text = _text(file, report)
    if text is None:
        return None
    try:
        document = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        why = _tab(text, error) or _why(error)
        report(Problem(_at(start, error), (), f"this is not YAML: {why}"))
        return None
    if not isinstance(document, yaml.MappingNode):
        found = "a list or a single value" if document else "nothing"
        report(Problem(start, (), f"there is {found} in it; it must be a mapping of keys"))
        return None
    return Builder(start.source, report).build(document)


def read_value(variable: str, text: str, path: Path, report: Report) -> Node | None:
    """The value of an environment variable, read as YAML reads a single value or a list."""
    place = Place(variable)
    try:
        document = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        report(Problem(place, path, f"this is not a YAML value: {_why(error)}; put it in quotes"))
        return None
    if document is None:
        return Node(None, place)
    if isinstance(document, yaml.MappingNode):
        report(Problem(place, path, "a variable takes one value; name the key in the variable"))
        return None
    return Builder(variable, report, lines=False).build(document, path)


def _text(file: File, report: Report) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        why = "there is no such file"
    except OSError as error:
        why = f"the file cannot be read: {(error.strerror or 'unknown reason').lower()}"
    except UnicodeDecodeError:
        why = "this is not text in UTF-8; save it in that encoding"
    report(Problem(Place(str(file)), (), why))
    return None


def _at(start: Place, error: yaml.YAMLError) -> Place:
    mark = getattr(error, "problem_mark", None)
    return Place(start.source, mark.line + 1, mark.column + 1) if mark else start


def _tab(text: str, error: yaml.YAMLError) -> str | None:
    """The most usual mistake, which YAML tells as "a character"."""
    mark = getattr(error, "problem_mark", None)
    has_tab = mark is not None and text.startswith("\t", mark.index)
    return "there is a tab; indent with spaces" if has_tab else None


def _why(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError):
        return " ".join(part for part in (error.context, error.problem) if part)
    return "it has characters that YAML does not allow"
