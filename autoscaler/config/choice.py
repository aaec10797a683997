"""One of several dataclasses, told apart by a key ``type``: a policy, a store."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, TypeAdapter, ValidationInfo
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

    def read(self, written: object) -> Chosen:
        """The chosen one, made from its options.

        Raises:
            ValidationError: pydantic's, with the paths of what is wrong.
        """
        name = _Tag.model_validate(written, context=self).type
        return Chosen(name, _form(name, self.find(name)).validate_json(json.dumps(written)))

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
        forms = {name: _form(name, self.find(name)) for name in self.published}
        return {
            "type": "object",
            "required": ["type"],
            "properties": {"type": {"enum": [*forms]}},
            "allOf": [_when(name, handler(form.core_schema)) for name, form in forms.items()],
        }


class _Tag(BaseModel):
    """What is looked at first; the other keys are left for the class it names."""

    model_config = ConfigDict(strict=True)
    type: str

    @check("type")
    @classmethod
    def _exists(cls, name: str, info: ValidationInfo) -> str:
        cast(Choice, info.context).refuse_unknown(name)
        return name


def _when(name: str, described: dict[str, Any]) -> dict[str, Any]:
    chosen = {"properties": {"type": {"const": name}}, "required": ["type"]}
    return {"if": chosen, "then": described}


@cache
def _form(name: str, cls: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(form(cls, tag=name))
