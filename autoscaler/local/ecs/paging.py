"""Pages: how many results one answer has, and the token that asks for the next."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from autoscaler.local.ecs.errors import invalid

_MOST = 100
_MARK = "after:"


def read_page(body: dict[str, Any], usual: int) -> int:
    """Return how many results a page may have. Raises InvalidParameterException."""
    size = int(body.get("maxResults", usual))
    if not 1 <= size <= _MOST:
        raise invalid(f"maxResults must be between 1 and {_MOST}, and {size} was given.")
    return size


def token(last: str) -> str:
    """Make the token of the page after this last result."""
    return base64.urlsafe_b64encode(f"{_MARK}{last}".encode()).decode()


def read_token(body: dict[str, Any]) -> str:
    """Return the last result of the page before, empty at the first one.

    Raises InvalidParameterException.
    """
    given = body.get("nextToken")
    if not given:
        return ""
    try:
        text = base64.b64decode(given, altchars=b"-_", validate=True).decode()
        if text.startswith(_MARK):
            return text.removeprefix(_MARK)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        pass
    raise invalid("Invalid token.")
