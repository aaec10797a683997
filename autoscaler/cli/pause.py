"""`autoscaler pause` and `autoscaler resume`: no new tasks for a queue, without a deploy."""

from __future__ import annotations

import getpass
import time
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from autoscaler.aws.clients import Clients
from autoscaler.cli.options import ConfigFiles, settings_from
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.memory import By
from autoscaler.core.units import parse_duration
from autoscaler.runtime import pausing
from autoscaler.runtime.world import store_for

Queue = Annotated[str, typer.Argument(help="The queue's name in the configuration.")]


def pause(
    queue: Queue,
    until: Annotated[
        str | None,
        typer.Option(help="When it ends by itself: a time such as 2026-01-31T18:00Z, or 2h."),
    ] = None,
    duration: Annotated[
        str | None, typer.Option("--for", help="After how long it ends by itself, such as 2h.")
    ] = None,
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
) -> int:
    """Launch no task for QUEUE until then, or until `autoscaler resume`; running tasks go on.

    Example: autoscaler pause thumbnails --for 2h
    """
    settings = settings_from(config)
    end = _end(until, duration, time.time())
    with closing(Clients()) as clients:
        pausing.pause(settings, store_for(settings, clients), queue, end, _by(time.time()))
    when = "until it is resumed" if end is None else f"until {_written(end)}"
    print(f"{queue} is paused {when}, from the next tick on")
    return 0


def resume(
    queue: Queue,
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
) -> int:
    """Let QUEUE's launches go on from the next tick.

    Example: autoscaler resume thumbnails
    """
    settings = settings_from(config)
    with closing(Clients()) as clients:
        pausing.resume(settings, store_for(settings, clients), queue)
    print(f"{queue} goes on from the next tick")
    return 0


def _by(now: float) -> By:
    """This computer's name for who runs it; a container may know none."""
    try:
        return By(getpass.getuser(), now)
    except (OSError, KeyError):
        return By("somebody at the command line", now)


def _end(until: str | None, duration: str | None, now: float) -> float | None:
    if until is not None and duration is not None:
        raise ConfigurationError("--until and --for say the same in two ways; give one of them")
    if duration is None:
        return None if until is None else _moment(until, now)
    try:
        return now + parse_duration(duration)
    except ValueError as error:
        raise ConfigurationError(f"--for {duration} is no duration such as 2h") from error


def _moment(written: str, now: float) -> float:
    try:
        return now + parse_duration(written)
    except ValueError:
        pass
    try:
        at = datetime.fromisoformat(written)
    except ValueError as error:
        raise ConfigurationError(
            f"--until {written} is neither a time such as 2026-01-31T18:00Z "
            "nor a duration such as 2h"
        ) from error
    if at.tzinfo is None:
        raise ConfigurationError(f"--until {written} has no time zone; write {written}Z for UTC")
    return at.timestamp()


def _written(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
