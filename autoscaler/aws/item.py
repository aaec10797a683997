"""One fleet's memory as a DynamoDB item."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autoscaler.core.errors import MemoryUnreadableError
from autoscaler.core.memory import Memory, dump, load

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

KEY = "pk"
"""The table's only key attribute: text."""

VERSION, MEMORY, SAVED_BY = "version", "memory", "saved_by"

MOST_TEXT = 300_000
"""Bytes of JSON kept as text. An item holds 400 kB, names and all [DynamoDB quotas]."""

Item = Mapping[str, Any]
"""An item as DynamoDB sends it: each value under its type."""


def memory_key(installation: str, fleet: str) -> str:
    """Where a fleet's memory is."""
    return f"memory#{installation}#{fleet}"


def aside_key(installation: str, fleet: str, item: Item) -> str:
    """Where an item that cannot be read is kept: one place for one save of it.

    Every replica and every tick that meets the same damage finds it kept already.
    """
    return f"aside#{installation}#{fleet}#{version_of(item)}#{saved_by(item)}"


def written(memory: Memory) -> AttributeValueTypeDef:
    """A memory as an attribute: JSON text, compressed where it is long."""
    text = json.dumps(dump(memory), separators=(",", ":"))
    if len(text) <= MOST_TEXT:  # json.dumps escapes to ASCII: a character is a byte
        return {"S": text}
    return {"B": zlib.compress(text.encode())}


def read(item: Item) -> Memory:
    """The memory in an item.

    Raises:
        MemoryUnreadableError: it is damaged, or a newer version wrote it.
    """
    value = item.get(MEMORY, {})
    try:
        text = zlib.decompress(value["B"]).decode() if "B" in value else value["S"]
        return load(json.loads(text))
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        why = f"{type(error).__name__} {error}".strip()
        raise MemoryUnreadableError(f"the saved memory is damaged: {why}") from error


def version_of(item: Item) -> int | None:
    """How often it was saved; None: it does not tell, so that a first save may replace it."""
    text = item.get(VERSION, {}).get("N", "")
    return int(text) if text.isdecimal() else None


def saved_by(item: Item) -> str:
    """The nonce of the save that wrote it; empty where it has none."""
    return str(item.get(SAVED_BY, {}).get("S", ""))
