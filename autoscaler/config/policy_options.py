"""The options of a policy: what there are, and a policy made from some, as in a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import yaml
from pydantic import PydanticUserError, TypeAdapter, ValidationError

from autoscaler.config.building import Builder
from autoscaler.config.form import form
from autoscaler.config.problems import Problem, as_error
from autoscaler.config.sentences import explain
from autoscaler.config.tree import plain
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.rules import Policy


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a policy, in words."""

    name: str
    type: str
    required: bool
    default: Any
    """Its JSON form; None where it is required, too."""
    doc: str
    """The first sentence about it; empty where nothing is said."""


def options_of(cls: type[Any]) -> list[Option]:
    """What can be written for a policy, in the order of its fields.

    Raises:
        ConfigurationError: its annotations say nothing that can be written in a file.
    """
    schema = _adapter(cls).json_schema()
    required, kinds = schema.get("required", ()), schema.get("$defs", {})
    return [
        Option(
            name,
            words(given, kinds),
            name in required,
            given.get("default"),
            first_sentence(given.get("description", "")),
        )
        for name, given in schema.get("properties", {}).items()
    ]


def make_policy(cls: type[Any], written: str, source: str) -> Policy:
    """A policy with these options, a YAML mapping, validated as those in a file are.

    Raises:
        ConfigurationError: with a line for each problem.
    """
    problems: list[Problem] = []
    tree = Builder(source, problems.append, lines=False).build(_mapping(written, source))
    try:
        return cast(Policy, _adapter(cls).validate_json(json.dumps(plain(tree))))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    raise as_error([*problems, *(explain(detail, tree, form(cls)) for detail in details)])


def first_sentence(text: str) -> str:
    """The first sentence of a docstring."""
    paragraph = " ".join(text.partition("\n\n")[0].split())
    sentence, dot, _ = paragraph.partition(". ")
    return sentence + dot.strip()


def _adapter(cls: type[Any]) -> TypeAdapter[Any]:
    try:
        return TypeAdapter(form(cls))
    except (PydanticUserError, NameError, TypeError) as error:
        why = str(error).partition("\n")[0]
        raise ConfigurationError(f"the options of {cls.__name__} cannot be read: {why}") from error


def _mapping(written: str, source: str) -> yaml.Node:
    try:
        node = yaml.compose(written, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{source} is not YAML: {error}") from error
    if not isinstance(node, yaml.MappingNode):
        raise ConfigurationError(f"{source} must be a mapping such as {{messages_per_task: 10}}")
    return node


# ----------------------------------------------------------------------- a schema in words


def words(schema: Mapping[str, Any], kinds: Mapping[str, Any]) -> str:
    """A type as JSON Schema has it, in words; `kinds` are its definitions."""
    if "$ref" in schema:
        return words(kinds[schema["$ref"].rpartition("/")[-1]], kinds)
    if "properties" in schema:
        return f"{{{', '.join(schema['properties'])}}}"
    if "anyOf" in schema:
        return _one_of([one for one in schema["anyOf"] if one.get("type") != "null"], kinds)
    if "enum" in schema:
        *first, last = map(str, schema["enum"])
        return f"{', '.join(first)} or {last}"
    if schema.get("type") == "array":
        return f"list of {words(schema.get('items', {}), kinds)}"
    named = _NAMES.get(schema.get("type", ""), "anything")
    return ", ".join((named, *_bounds(schema)))


def _one_of(arms: list[Mapping[str, Any]], kinds: Mapping[str, Any]) -> str:
    if [arm.get("type") for arm in arms] == ["number", "string"]:
        return "duration"  # seconds, or text such as 5m
    return " or ".join(words(arm, kinds) for arm in arms)


def _bounds(schema: Mapping[str, Any]) -> Iterator[str]:
    if "minimum" in schema:
        yield f"at least {schema['minimum']:g}"
    if "maximum" in schema:
        yield f"at most {schema['maximum']:g}"


_NAMES = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "true or false",
    "object": "mapping",
}
