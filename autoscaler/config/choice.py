"""One of several dataclasses, told apart by a key such as ``type``: a policy, a store, a fleet."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidationInfo,
    create_model,
)
from pydantic import field_validator as check
from pydantic_core import CoreSchema, core_schema

from autoscaler.config.form import form
from autoscaler.config.problems import unknown
from autoscaler.core.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen, and by which name."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Choice:
    """Reads a mapping into the class that its ``type`` names."""

    noun: str
    find: Callable[[str], Any]
    """Raises KeyError or ConfigurationError when there is none or it cannot be used."""
    names: Callable[[], Sequence[str]]
    """All there are on this computer, plug-ins included."""
    published: Sequence[str]
    """Those that ship, which the published schema shows."""
    key: str = "type"
    """Which tells them apart."""
    default: str | None = None
    """What it is taken for where it is left out; None: it must be there."""

    def read(self, written: object) -> Chosen:
        """The chosen one, made from its options.

        Raises:
            ValidationError: pydantic's, with the paths of what is wrong.
        """
        tag = _tag(self.key, self.default).model_validate(written, context=self)
        name = getattr(tag, self.key)
        return Chosen(name, self._form(name).validate_json(json.dumps(written)))

    def _form(self, name: str) -> TypeAdapter[Any]:
        """One that can be left out is a key of the class itself."""
        return _form(name if self.default is None else None, self.find(name))

    def refuse_unknown(self, name: str) -> None:
        """Go on when there is one of this name that can be used.

        Raises:
            ValueError: with the sentence for the user.
        """
        try:
            self.find(name)
        except (ConfigurationError, KeyError) as error:
            there = self.names()  # only now: looking for plug-ins costs 20 ms
            sentence = str(error) if name in there else unknown(f"{self.noun} {name}", name, there)
            raise ValueError(sentence) from error

    def possible(self, name: object) -> list[type[Any]]:
        """The class of this name; while there is none of it, all that ship."""
        try:
            self.refuse_unknown(str(name))
        except ValueError:
            return [self.find(one) for one in self.published]
        return [self.find(str(name))]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """What its ``type`` says it must be, so that a mistake is told of that one alone.

        As ``oneOf`` it would be told of every one there is, as if any of them had been meant.
        """
        forms = {name: self._form(name) for name in self.published}
        required = {} if self.default else {"required": [self.key]}
        return {
            "type": "object",
            **required,
            "properties": {self.key: {"enum": [*forms]}},
            "allOf": [self._when(name, handler(form.core_schema)) for name, form in forms.items()],
        }

    def _when(self, name: str, described: dict[str, Any]) -> dict[str, Any]:
        chosen: dict[str, Any] = {"properties": {self.key: {"const": name}}}
        if name != self.default:
            chosen["required"] = [self.key]
        return {"if": chosen, "then": described}


@cache
def _tag(key: str, default: str | None) -> type[BaseModel]:
    """What is looked at first; the other keys are left for the class it names."""

    def exists(name: str, info: ValidationInfo) -> str:
        cast(Choice, info.context).refuse_unknown(name)
        return name

    told: Any = (str, ... if default is None else default)
    return create_model(
        "Tag",
        __config__=ConfigDict(strict=True),
        __validators__={"exists": cast(Any, check(key)(exists))},
        **{key: told},
    )


@cache
def _form(tag: str | None, cls: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(form(cls, tag=tag))
