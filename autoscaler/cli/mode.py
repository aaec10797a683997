"""`autoscaler mode`: who works on a queue, a service that polls it or tasks that are started."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import typer

from autoscaler.aws.clients import Clients
from autoscaler.aws.tasks import EcsTasks
from autoscaler.cli.confirm import DryRun, Yes
from autoscaler.cli.mode_switch import Ways, switch
from autoscaler.cli.mode_text import print_sights, print_year
from autoscaler.cli.options import ConfigFiles, Output, OutputFormat, settings_from
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.modes import Mode
from autoscaler.core.settings import FleetSettings, Settings
from autoscaler.core.units import parse_duration
from autoscaler.operations.mode.sight import sight
from autoscaler.operations.mode.subject import Subject
from autoscaler.operations.mode.subjects import subjects
from autoscaler.runtime.standing import Standing
from autoscaler.runtime.world import store_for

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
    with _opened(settings_from(config), queue) as (clients, found):
        sights = [sight(clients, name, one, time.time()) for name, one in found.items()]
    print_sights(sights, output)
    return 0 if all(len(one.consumers) == 1 for one in sights) else 1


@app.command("direct")
def direct(
    queue: Queue = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    stop_tasks: StopTasks = False,
    timeout: Patience = "15m",
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    output: OutputFormat = Output.TEXT,
) -> int:
    """Let the service poll: up and healthy first, and only then the other consumer off.

    Each step can be repeated: after a crash or a failure, run it again. Exit status 1 if a step
    takes longer than --timeout, or you decide against it.

    Example: autoscaler mode direct thumbnails --dry-run
    """
    ways = Ways(Mode.DIRECT, dry_run, yes, _seconds(timeout), output, stop_tasks)
    return _change(settings_from(config), queue, ways)


@app.command("queued")
def queued(
    queue: Queue = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    stop_tasks: StopTasks = False,
    timeout: Patience = "15m",
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    output: OutputFormat = Output.TEXT,
) -> int:
    """Have tasks started: their consumer on first, and only then the service down or re-rolled.

    Each step can be repeated: after a crash or a failure, run it again. Exit status 1 if a step
    takes longer than --timeout, or you decide against it.

    Example: autoscaler mode queued thumbnails
    """
    ways = Ways(Mode.QUEUED, dry_run, yes, _seconds(timeout), output, stop_tasks)
    return _change(settings_from(config), queue, ways)


@app.command("follow")
def follow(
    dry_run: DryRun = False,
    stop_tasks: StopTasks = False,
    timeout: Patience = "15m",
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    output: OutputFormat = Output.TEXT,
) -> int:
    """Bring each queue with a season into the mode of today, without asking; for a schedule.

    Where nothing is to be changed it only looks. Exit status 1 if a step takes too long.

    Example: autoscaler mode follow
    """
    settings = settings_from(config)
    status, now = 0, time.time()
    for name, one in settings.queues.items():
        if one.modes and one.modes.season:
            to = one.modes.season.mode(now)
            ways = Ways(to, dry_run, True, _seconds(timeout), output, stop_tasks)
            status = max(status, _change(settings, name, ways))
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
    settings = settings_from(config)
    calendars = {
        name: one.modes.season
        for name, one in settings.queues.items()
        if one.modes and one.modes.season
    }
    if not calendars:
        raise ConfigurationError("no queue has a season; write one under queues.NAME.modes.season")
    print_year(calendars, year or datetime.now(UTC).year, output)
    return 0


def _change(settings: Settings, queue: str | None, ways: Ways) -> int:
    with _opened(settings, queue) as (clients, found):
        if len(found) > 1:
            raise ConfigurationError(f"several queues have modes; name one of {', '.join(found)}")
        ((name, subject),) = found.items()
        return switch(clients, name, subject, ways)


@contextmanager
def _opened(settings: Settings, queue: str | None) -> Iterator[tuple[Clients, dict[str, Subject]]]:
    clients = Clients()
    try:
        standing = partial(_standing, settings, clients)
        yield clients, subjects(settings, [queue] if queue else [], standing)
    finally:
        clients.close()


def _standing(settings: Settings, clients: Clients, queue: str) -> Standing:
    store = store_for(settings, clients)
    stop = partial(_stop_task, clients)
    return Standing(settings, store, EcsTasks(settings, clients), queue, time.time, stop)


def _stop_task(clients: Clients, arn: str, fleet: FleetSettings) -> None:
    clients.ecs(fleet.region, fleet.role).stop_task(
        cluster=fleet.cluster, task=arn, reason="autoscaler mode direct --stop-tasks"
    )


def _seconds(written: str) -> float:
    try:
        return parse_duration(written)
    except ValueError as error:
        raise ConfigurationError(f"--timeout: {error}") from error
