"""`autoscaler send` as it stands in the list of verbs.

It runs without this room: ``autoscaler.cli.main`` hands it over before typer is imported.
"""

from __future__ import annotations

from typing import Annotated

import typer

from autoscaler.worker.sending.command import main


def send(options: Annotated[list[str] | None, typer.Argument(hidden=True)] = None) -> int:
    """Send lines of a file or of standard input; `autoscaler send --help` tells more."""
    return main(options or [])
