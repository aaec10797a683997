"""Settings in validated form: JSON that is read back without validating anything again.

For the Lambda, which has neither pydantic nor YAML on its way to the first request. Whatever
validates writes ``dumps(settings)`` once; ``loads`` only builds the values. A value tells its own
class, so that any policy's options come back as what they were; what is at its default is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any

from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import Settings

VERSION = 1
"""Of the JSON form. A reader refuses any other."""
_CLASS = "(class)"
"""No key that AWS takes as a tag, a dimension or a variable has brackets."""


def dumps(settings: Settings) -> str:
    """The validated form, the same text for the same settings.

    Raises:
        ConfigurationError: a policy's option is of a type that has no JSON form.
    """
    form = {"version": VERSION, "settings": _form(settings)}
    return json.dumps(form, indent=1, sort_keys=False) + "\n"


def loads(text: str | bytes) -> Settings:
    """The settings of a validated form.

    Raises:
        ConfigurationError: it is none, or of another version of this program.
    """
    try:
        form = json.loads(text)
    except ValueError as error:
        raise ConfigurationError(f"this is no validated configuration: {error}; {_AGAIN}") from None
    version = form.get("version") if isinstance(form, dict) else None
    if version != VERSION:
        raise ConfigurationError(
            f"this configuration has version {version} of the validated form, and this program "
            f"reads {VERSION}; {_AGAIN}"
        )
    return _settings(form.get("settings"))


_AGAIN = "write it anew with `autoscaler package config`"


def _settings(form: Any) -> Settings:
    try:
        settings = _value(form)
    except (AttributeError, ImportError, TypeError, ValueError) as error:
        raise ConfigurationError(
            f"this configuration was validated for another package: {error}; {_AGAIN}"
        ) from error
    if not isinstance(settings, Settings):
        raise ConfigurationError(f"there are no settings in this configuration; {_AGAIN}")
    return settings


# ------------------------------------------------------------------------------------ to JSON


def _form(value: Any) -> Any:
    if isinstance(value, Enum):
        return {_CLASS: _name(type(value)), "value": value.value}
    if is_dataclass(value):
        return {_CLASS: _name(type(value)), **_fields(value)}
    if isinstance(value, Mapping):
        return {_key(key): _form(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_form(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise ConfigurationError(
        f"an option is a {type(value).__name__}, which has no validated form; a policy's options "
        "may be text, numbers, tuples, mappings, enumerations and dataclasses"
    )


def _fields(value: Any) -> dict[str, Any]:
    form = {}
    for field in fields(value):
        item = getattr(value, field.name)
        if field.init and item != _default(field):
            form[field.name] = _form(item)
    return form


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _key(key: object) -> str:
    if not isinstance(key, str) or key == _CLASS:
        raise ConfigurationError(f"{key!r} cannot be a key here; keys are text, and not {_CLASS}")
    return key


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


# ---------------------------------------------------------------------------------- from JSON


def _value(form: Any) -> Any:
    if isinstance(form, list):
        return tuple(map(_value, form))
    if not isinstance(form, dict):
        return form
    values = {key: _value(item) for key, item in form.items() if key != _CLASS}
    return _class(form[_CLASS])(**values) if _CLASS in form else values


@cache
def _class(name: str) -> Any:
    module, _, attribute = name.partition(":")
    found = getattr(import_module(module), attribute)
    if not isinstance(found, type) or not (is_dataclass(found) or issubclass(found, Enum)):
        raise TypeError(f"{name} is neither a dataclass nor an enumeration")
    return found
