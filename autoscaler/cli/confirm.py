"""Asks before what cannot be undone."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from autoscaler.core.errors import ConfigurationError

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask; needed without a terminal.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]


def confirmed(question: str, *, yes: bool) -> bool:
    """Whether a person at a terminal agrees, or has agreed beforehand.

    Raises:
        ConfigurationError: there is nobody to ask.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise ConfigurationError(f"{question} There is no terminal to answer at: give --yes")
    try:
        print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in ("y", "yes")
    except KeyboardInterrupt:
        return False
