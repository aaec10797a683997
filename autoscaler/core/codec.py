"""Values to JSON and back, guided by their type hints.

Covers what this room's values are made of: dataclasses, tuples, mappings with text keys,
enumerations, optional and plain values. Fields at their default are left out, so that a
saved memory stays small and an older reader's blanks stay blanks.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Encoder = Callable[[Any], Any]
Decoder = Callable[[Any], Any]

_PLAIN = frozenset({int, float, str, bool, type(None)})


def encode(value: Any) -> Any:
    """The JSON form of a value."""
    kind = type(value)
    return value if kind in _PLAIN else _encoder(cast(Any, kind))(value)


@cache
def _encoder(kind: type) -> Encoder:
    """How values of this class are encoded, worked out once: a tick encodes them by thousands."""
    if is_dataclass(kind):
        return _encode_fields(kind)
    if issubclass(kind, Mapping):
        return lambda value: {key: encode(item) for key, item in value.items()}
    if issubclass(kind, tuple | list):
        return lambda value: [encode(item) for item in value]
    return (lambda value: value.value) if issubclass(kind, StrEnum) else lambda value: value


def _encode_fields(kind: type) -> Encoder:
    defaults = [(field.name, _default(field)) for field in fields(kind)]

    def encode_dataclass(value: Any) -> dict[str, Any]:
        form = {}
        for name, default in defaults:
            item = getattr(value, name)
            if item is not default and item != default:
                form[name] = item if type(item) in _PLAIN else encode(item)
        return form

    return encode_dataclass


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


def decode(kind: type[T], saved: Any) -> T:
    """Build a value of this kind from its JSON form.

    Raises:
        KeyError, TypeError, ValueError, OverflowError: the form does not fit; the text says where.
    """
    value: T = _decoder(cast(Any, kind))(saved)
    return value


@cache
def _decoder(hint: Any) -> Decoder:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _decode_optional(_decoder(next(arg for arg in args if arg is not type(None))))
    if origin is tuple:
        return _decode_items(_decoder(args[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _decode_mapping(_decoder(args[1]))
    if is_dataclass(hint) and isinstance(hint, type):
        return _decode_fields(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    return _plain(hint)


def _decode_optional(inner: Decoder) -> Decoder:
    return lambda saved: None if saved is None else inner(saved)


def _decode_items(inner: Decoder) -> Decoder:
    return lambda saved: tuple(inner(item) for item in _of(list, saved))


def _decode_mapping(inner: Decoder) -> Decoder:
    return lambda saved: {str(key): inner(item) for key, item in _of(dict, saved).items()}


def _decode_fields(kind: type) -> Decoder:
    hints = get_type_hints(kind)
    known = {
        field.name: (_own(hints[field.name]), _Lazy(hints[field.name])) for field in fields(kind)
    }

    def decode_dataclass(saved: Any) -> Any:
        values = {}
        for name, item in _of(dict, saved).items():
            own, decoder = known[name]
            values[name] = item if type(item) is own else decoder(item)
        return kind(**values)

    return decode_dataclass


def _own(hint: Any) -> type | None:
    """The plain class whose values are their own JSON form; most fields need no decoder at all."""
    inner = [arg for arg in get_args(hint) if arg is not type(None)] or [hint]
    return inner[0] if len(inner) == 1 and inner[0] in _PLAIN else None


class _Lazy:
    """A decoder looked up when first used, so that kinds may contain one another."""

    __slots__ = ("found", "hint")

    def __init__(self, hint: Any) -> None:
        self.hint = hint
        self.found: Decoder | None = None

    def __call__(self, saved: Any) -> Any:
        if self.found is None:
            self.found = _decoder(self.hint)
        return self.found(saved)


def _plain(hint: Any) -> Decoder:
    if hint is float:
        return lambda saved: float(_of((int, float), saved))
    if hint in (int, str, bool):
        return lambda saved: _of(hint, saved)
    return lambda saved: saved


def _of(kind: Any, saved: Any) -> Any:
    if not isinstance(saved, kind) or (isinstance(saved, bool) and kind is not bool):
        raise TypeError(f"{saved!r} is not of type {getattr(kind, '__name__', 'number')}")
    return saved
