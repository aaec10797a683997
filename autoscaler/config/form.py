"""A dataclass of the core as pydantic reads it from a file."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, fields
from itertools import pairwise
from textwrap import dedent
from typing import Annotated, Any, Literal, get_type_hints

import pydantic
from pydantic import AfterValidator, BaseModel, ConfigDict, create_model


def key_of(field: str) -> str:
    """The key a field is written under: ``from_`` is written ``from``, a word Python keeps."""
    return field.removesuffix("_")


# strict: "10" is no number and 8080 is no text. Nothing is guessed, so that the published
# schema and the program accept the same.
_RULES = ConfigDict(
    extra="forbid", strict=True, use_attribute_docstrings=True, alias_generator=key_of
)


def form(cls: type[Any], *, tag: str | None = None, **written: Any) -> Any:
    """A type that reads mappings into ``cls``, unknown keys forbidden.

    Args:
        cls: a dataclass; its annotations are the rules, its docstrings the descriptions.
        tag: what the key ``type`` must be, where one of several classes is meant.
        written: annotations of fields that are written in another way than they are meant.
    """
    hints = get_type_hints(cls, include_extras=True) | written
    told = attribute_docstrings(cls)
    known = {field.name: field for field in fields(cls) if not field.metadata.get("unwritten")}
    keys: dict[str, Any] = {"type": (Literal[tag], ...)} if tag else {}
    for name, field in known.items():
        rules = pydantic.Field(description=told.get(name), **_default(field))
        keys.setdefault(name, (hints[name], rules))
    model = create_model(cls.__name__, __config__=_RULES, __doc__=cls.__doc__, **keys)
    return Annotated[model, AfterValidator(_meant(cls, known))]


def _meant(cls: type[Any], names: Iterable[str]) -> Callable[[BaseModel], Any]:
    return lambda written: cls(**{name: getattr(written, name) for name in names})


def _default(field: Field[Any]) -> dict[str, Any]:
    both = {"default": field.default, "default_factory": field.default_factory}
    return {name: value for name, value in both.items() if value is not MISSING}


def attribute_docstrings(cls: type[Any]) -> dict[str, str]:
    """The texts below the fields of a class; none where its source is not at hand."""
    try:
        source = inspect.getsource(cls)
    except (OSError, TypeError):
        return {}
    (tree,) = ast.parse(dedent(source)).body
    body = getattr(tree, "body", [])
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
        if isinstance(text.value.value, str)
    }
