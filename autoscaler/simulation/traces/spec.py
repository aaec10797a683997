"""Reads ``name:key=value,key=value``, by which work and shapes are named, into a dataclass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from autoscaler.simulation.traces.errors import TraceError

T = TypeVar("T")


def parse(text: str, kinds: Mapping[str, type[T]], what: str) -> T:
    """The value that a text names; ``what`` says to people what these are.

    Raises:
        TraceError: with a sentence that says what is allowed.
    """
    name, _, told = text.partition(":")
    kind = kinds.get(name)
    if kind is None:
        raise TraceError(f"there is no {what} {name!r}; {_nearest(name, list(kinds))}")
    given = dict(_option(text, part) for part in told.split(",") if part.strip())
    allowed = _names(kind)
    for key in given:
        if key not in allowed:
            there = _nearest(key, allowed) if allowed else "it has none"
            raise TraceError(f"{what} {name} has no option {key!r}; {there}")
    try:
        return TypeAdapter(kind).validate_python(given)
    except ValidationError as error:
        raise TraceError(f"{what} {name}: {_sentence(error)}") from error


def _option(text: str, part: str) -> tuple[str, str]:
    key, equals, value = part.partition("=")
    if not equals:
        raise TraceError(f"{part!r} in {text!r} is no option; write it like mean=30s")
    return key.strip(), value.strip()


def _names(kind: Any) -> list[str]:
    return [field.name for field in fields(kind)]


def _nearest(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else f"there is {', '.join(known)}"


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    if first["type"] in {"missing", "missing_argument"}:
        return f"{where} is missing; write it like {where}=30"
    return f"{where}={first['input']}: {first['msg'].removeprefix('Value error, ')}"
