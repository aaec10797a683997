"""`autoscaler worker` as it stands in the list of verbs.

It runs without this room: ``autoscaler.cli.main`` hands it over before typer is imported.
"""

from __future__ import annotations

from typing import Annotated

import typer

from autoscaler.worker import main


def worker(options: Annotated[list[str] | None, typer.Argument(hidden=True)] = None) -> int:
    """Drain a queue with your handler, then exit; `autoscaler worker --help` tells more."""
    return main(options or [])
