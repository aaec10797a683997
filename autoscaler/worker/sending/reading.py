"""Reads messages from lines: a body each, or a JSON object each."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from autoscaler.worker.sending.outgoing import Outgoing, Value

KEYS = ("body", "attributes", "group", "deduplication_id", "delay_seconds")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that is no message, and why."""

    why: str


Line = Outgoing | Mistake


def text_lines(lines: Iterable[bytes], group: str | None) -> Iterator[Line]:
    """Yield each line as a body, without its line end; an empty line is a mistake."""
    for line in lines:
        try:
            yield Outgoing(_text(line), group=group)
        except ValueError as error:
            yield Mistake(str(error))


def json_lines(lines: Iterable[bytes], group: str | None) -> Iterator[Line]:
    """Yield each line's object as a message.

    `body` is text, or any other JSON, which is then written as JSON. `group` is for lines that
    have none of their own.
    """
    for line in lines:
        try:
            yield _message(json.loads(_text(line)), group)
        except json.JSONDecodeError as error:
            yield Mistake(f"it is not JSON ({error.msg} at column {error.colno})")
        except ValueError as error:
            yield Mistake(str(error))


def _text(line: bytes) -> str:
    try:
        return line.rstrip(b"\r\n").decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 (at byte {error.start + 1})") from error


def _message(read: object, group: str | None) -> Outgoing:
    if not isinstance(read, dict) or "body" not in read:
        raise ValueError('it is not an object with a "body"')
    for key in read:
        if key not in KEYS:
            raise ValueError(f"{key!r} is not known; known are {', '.join(KEYS)}")
    body, delay = read["body"], read.get("delay_seconds")
    if delay is not None and (isinstance(delay, bool) or not isinstance(delay, int)):
        raise ValueError("delay_seconds is not a whole number")
    return Outgoing(
        body if isinstance(body, str) else json.dumps(body, ensure_ascii=False),
        _attributes(read.get("attributes", {})),
        _name(read, "group") or group,
        _name(read, "deduplication_id"),
        delay,
    )


def _attributes(read: object) -> Mapping[str, Value]:
    values = read.values() if isinstance(read, dict) else [None]
    if any(isinstance(each, bool) or not isinstance(each, str | int | float) for each in values):
        raise ValueError("attributes is not an object of texts and numbers")
    return cast("Mapping[str, Value]", read)


def _name(read: Mapping[str, object], key: str) -> str | None:
    value = read.get(key)
    if value is not None and not (isinstance(value, str) and value):
        raise ValueError(f"{key} is not a text")
    return value
