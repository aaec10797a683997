"""`autoscaler mode`: who works on a queue, a service that polls it or tasks that are started."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import typer

from autoscaler.cli.confirm import DryRun, Yes
from autoscaler.cli.mode_open import opened
from autoscaler.cli.mode_switch import Ways, switch
from autoscaler.cli.mode_text import print_sights, print_year
from autoscaler.cli.options import ConfigFiles, Output, OutputFormat, settings_from
from autoscaler.core.errors import AutoscalerError, ConfigurationError
from autoscaler.core.modes import Calendar, Mode
from autoscaler.core.settings import Settings
from autoscaler.core.units import parse_duration
from autoscaler.operations.mode.sight import sight

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Show or change who works on a queue: a service that polls it, or tasks started for it.",
)

Queue = Annotated[
    str | None,
    typer.Argument(help="The queue's name in the configuration; needed where several have modes."),
]
StopTasks = Annotated[
    bool,
    typer.Option(
        "--stop-tasks",
        help="Stop tasks that a busy queue keeps from leaving: they get SIGTERM. Else they are "
        "waited for.",
    ),
]
Patience = Annotated[
    str, typer.Option("--timeout", help="The longest that one step may take; 15m, say.")
]


@app.command("show")
def show(
    queue: Queue = None,
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    output: OutputFormat = Output.TEXT,
) -> int:
    """Tell each queue's mode and who works on it. Exit status 1 where that is not exactly one.

    Example: autoscaler mode show
    """
    with opened(settings_from(config), queue) as (clients, found):
        sights = [sight(clients, name, one, time.time()) for name, one in found.items()]
    print_sights(sights, output)
    return 0 if all(len(one.consumers) == 1 for one in sights) else 1


def _switch_to(to: Mode) -> Callable[..., int]:
    """The verb that switches to a mode."""

    def switched(
        queue: Queue = None,
        dry_run: DryRun = False,
        yes: Yes = False,
        stop_tasks: StopTasks = False,
        timeout: Patience = "15m",
        config: ConfigFiles = [],  # noqa: B006 - typer copies it
        output: OutputFormat = Output.TEXT,
    ) -> int:
        ways = Ways(to, dry_run, yes, _seconds(timeout), output, stop_tasks)
        return _change(settings_from(config), queue, ways)

    return switched


_AGAIN = """
Each step can be repeated: after a crash or a failure, run it again. Exit status 1 if a step takes
longer than --timeout, or you decide against it.

Example: autoscaler mode"""

app.command(
    "direct",
    help="Let the service poll: up and healthy first, and only then the other consumer off.\n"
    f"{_AGAIN} direct thumbnails --dry-run",
)(_switch_to(Mode.DIRECT))
app.command(
    "queued",
    help="Have tasks started: their consumer on first, and only then the service down or "
    f"re-rolled.\n{_AGAIN} queued thumbnails",
)(_switch_to(Mode.QUEUED))


@app.command("follow")
def follow(
    dry_run: DryRun = False,
    stop_tasks: StopTasks = False,
    timeout: Patience = "15m",
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    output: OutputFormat = Output.TEXT,
) -> int:
    """Bring each queue with a season into the mode of today, without asking; for a schedule.

    Where nothing is to be changed it only looks. Exit status 1 if a step takes too long or a queue
    cannot be switched; the others are all the same.

    Example: autoscaler mode follow
    """
    settings, patience = settings_from(config), _seconds(timeout)
    status = 0
    for name, calendar in _calendars(settings).items():
        to = calendar.mode(time.time())
        try:
            ways = Ways(to, dry_run, True, patience, output, stop_tasks)
            status = max(status, _change(settings, name, ways))
        except AutoscalerError as error:
            print(f"autoscaler: {name}: {error}", file=sys.stderr)
            status = 1
    return status


@app.command("season")
def season(
    year: Annotated[
        int | None, typer.Option(min=1970, max=9998, help="Which year; this one by default.")
    ] = None,
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    output: OutputFormat = Output.TEXT,
) -> int:
    """Tell when the seasons of a year would switch which queue to which mode.

    Example: autoscaler mode season --year 2027
    """
    calendars = _calendars(settings_from(config))
    if not calendars:
        raise ConfigurationError("no queue has a season; write one under queues.NAME.modes.season")
    print_year(calendars, year or datetime.now(UTC).year, output)
    return 0


def _calendars(settings: Settings) -> dict[str, Calendar]:
    """The seasons there are, by the names of their queues."""
    return {
        name: one.modes.season
        for name, one in settings.queues.items()
        if one.modes and one.modes.season
    }


def _change(settings: Settings, queue: str | None, ways: Ways) -> int:
    with opened(settings, queue) as (clients, found):
        if len(found) > 1:
            raise ConfigurationError(f"several queues have modes; name one of {', '.join(found)}")
        ((name, subject),) = found.items()
        return switch(clients, name, subject, ways)


def _seconds(written: str) -> float:
    try:
        return parse_duration(written)
    except ValueError as error:
        raise ConfigurationError(f"--timeout: {error}") from error
