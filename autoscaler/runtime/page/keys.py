"""Who may act on the page: names with a token each, from a file or the environment."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autoscaler.core.errors import ConfigurationError
from autoscaler.runtime.access import sound, text_of

VARIABLE = "AUTOSCALER_ACTION_TOKENS"
"""Holds the lines where a secret comes as a variable, as ECS hands them over."""
OFF = "Actions are off: start the service with --actions-file."
_FORM = "lines such as: alice 0123456789abcdef0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Keys:
    """Names by their tokens; without any, nobody may act."""

    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    off: str = OFF
    """Why nobody may act, where there are no names."""

    def holder(self, authorization: str) -> str | None:
        """Whose token the Authorization header carries; takes the same time however wrong it is."""
        given, found = authorization.encode("latin-1", "replace"), None
        for token, name in self.names.items():
            if hmac.compare_digest(given, f"Bearer {token}".encode()):
                found = name
        return found


def keys_from(file: Path | None, environ: Mapping[str, str]) -> Keys:
    """The names and tokens that a file holds, or else the environment; none where neither is given.

    Raises:
        ConfigurationError: a line is none; what it holds is not repeated.
    """
    if file is not None:
        return _keys(text_of(file, "--actions-file"), f"--actions-file {file}")
    return _keys(environ[VARIABLE], VARIABLE) if VARIABLE in environ else Keys()


def _keys(text: str, place: str) -> Keys:
    names: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if len(words) != 2:
            raise ConfigurationError(f"{place}, line {number} is no name and token; write {_FORM}")
        token = sound(words[1], f"{place}, line {number}")
        if token in names:
            raise ConfigurationError(f"{place}, line {number} has a token that another has too")
        names[token] = words[0]
    if not names:
        raise ConfigurationError(f"{place} names nobody; write {_FORM}")
    return Keys(names)
