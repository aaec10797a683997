"""Who may read what the status server tells: everybody on this computer, or who holds a token."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from autoscaler.core.errors import ConfigurationError

VARIABLE = "AUTOSCALER_STATUS_TOKEN"
"""Holds the token where a secret comes as a variable, as ECS hands them over."""
SHORTEST_TOKEN = 16
"""Characters; `openssl rand -hex 32` prints 64."""


class Access(Protocol):
    """Decides about one request by its Authorization header ("" without one)."""

    @property
    def says(self) -> str:
        """What holds, in a sentence for the log."""
        ...

    def refusal(self, authorization: str) -> str | None:
        """Why the request is refused, in a sentence; None: it is not."""
        ...


class Anyone:
    """For an address that only this computer reaches."""

    says = "Only this computer reaches it."

    def refusal(self, authorization: str) -> str | None:  # noqa: ARG002 - as the protocol has it
        """Refuse nothing."""
        return None


@dataclass(frozen=True, slots=True)
class Holders:
    """For who sends the token as `Authorization: Bearer TOKEN`."""

    token: str = field(repr=False)
    says = "Health is told to whoever reaches it, all else to holders of the token."

    def refusal(self, authorization: str) -> str | None:
        """Refuse whoever does not hold the token; takes the same time however wrong it is."""
        wanted = f"Bearer {self.token}".encode()
        if hmac.compare_digest(authorization.encode("latin-1", "replace"), wanted):
            return None
        return "This wants the header Authorization: Bearer TOKEN."


class Nobody:
    """For an address that others reach, where no token is set."""

    says = (
        "Others than this computer reach it and no token is set: health is told to whoever "
        "asks, all else to nobody. Set --token-file, or --host 127.0.0.1."
    )

    def refusal(self, authorization: str) -> str | None:  # noqa: ARG002 - as the protocol has it
        """Refuse everything."""
        return "Nothing is told here without a token: start the service with --token-file."


def access(host: str, token: str | None) -> Access:
    """Who may read at this address; with a token, nobody without it."""
    if token is not None:
        return Holders(token)
    return Anyone() if only_here(host) else Nobody()


def only_here(host: str) -> bool:
    """Whether only this computer reaches an address that is listened on."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def misled(access: Access, host: str) -> str | None:
    """Why a request for this host is refused where everybody here may read; None: it is not.

    A page of anybody's, open in a browser on this computer, may give its own name the address
    127.0.0.1 and so read what is told here: the name in the Host header gives it away.
    """
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    if not isinstance(access, Anyone) or only_here(name.strip("[]")):
        return None
    return (
        "Without a token this is told to http://127.0.0.1 and http://localhost alone; start the "
        "service with --token-file to reach it by another name."
    )


def token_from(file: Path | None, environ: Mapping[str, str]) -> str | None:
    """The token that a file holds, or else the environment; None: neither is given.

    Raises ConfigurationError for a file that cannot be read, or what could be no token.
    """
    if file is not None:
        return sound(text_of(file, "--token-file"), f"--token-file {file}")
    return sound(environ[VARIABLE], VARIABLE) if VARIABLE in environ else None


def text_of(file: Path, option: str) -> str:
    """What the file of an option holds.

    Raises:
        ConfigurationError: it cannot be read.
    """
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        raise ConfigurationError(f"{option} {file} cannot be read ({error})") from error


def sound(token: str, place: str) -> str:
    """The token, if it can be one.

    Raises:
        ConfigurationError: it is too short or not of one line; it is not repeated.
    """
    if len(token) < SHORTEST_TOKEN or not (token.isascii() and token.isprintable()) or " " in token:
        raise ConfigurationError(
            f"{place} holds no token: {SHORTEST_TOKEN} letters and digits or more, on one line; "
            "make one with: openssl rand -hex 32"
        )
    return token
