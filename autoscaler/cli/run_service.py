"""`autoscaler run`: the standalone service."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import structlog
import typer
from prometheus_client import CollectorRegistry, disable_created_metrics

from autoscaler import controller
from autoscaler.aws.clients import Clients
from autoscaler.cli.options import ConfigFiles, files_or_default, settings_from, settings_to_tick
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.ports import Records
from autoscaler.core.rules import Rulebook
from autoscaler.core.settings import Settings
from autoscaler.look import World
from autoscaler.runtime.access import VARIABLE, Access, Nobody, token_from
from autoscaler.runtime.due import booked
from autoscaler.runtime.notices.service import ServiceNotices
from autoscaler.runtime.page.actions import Actions
from autoscaler.runtime.page.board import Board
from autoscaler.runtime.page.earlier import earlier
from autoscaler.runtime.page.keys import VARIABLE as KEYS_VARIABLE
from autoscaler.runtime.page.keys import keys_from
from autoscaler.runtime.page.routes import Page
from autoscaler.runtime.reload import Reloading
from autoscaler.runtime.replica import only_replica
from autoscaler.runtime.service import Service
from autoscaler.runtime.shadow import Acting, Mode, Shadow
from autoscaler.runtime.status import Shown, StatusServer
from autoscaler.runtime.world import AwsWorld
from autoscaler.telemetry.logs import configure
from autoscaler.telemetry.metrics import Metrics
from autoscaler.telemetry.records import Everywhere, JsonLines, LogLines

_log = structlog.get_logger("autoscaler")

RESTART_FOR = ("installation", "store", "period", "launch_rate")
"""What no reload takes over: memory, grid of ticks and pace are of a service's whole life."""
_leave_out_created: Callable[[], None] = disable_created_metrics
"""The times at which counters began would double the series; the library leaves this untyped."""


def run_service(
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    host: Annotated[
        str,
        typer.Option(help="Where page and metrics are served; this computer alone by default."),
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(envvar="AUTOSCALER_STATUS_PORT", help="Their port; 0 takes a free one."),
    ] = 8080,
    token_file: Annotated[
        Path | None,
        typer.Option(
            help="File with the token that all but /healthz wants then, needed where others "
            f"reach --host; or the token in {VARIABLE}."
        ),
    ] = None,
    actions_file: Annotated[
        Path | None,
        typer.Option(
            help="File with a NAME and a TOKEN a line, who may hold, pause, resume and drain on "
            f"the page; or these lines in {KEYS_VARIABLE}. Without it nobody may."
        ),
    ] = None,
    records: Annotated[
        Path | None, typer.Option(help="File that gets every tick's record as a line of JSON.")
    ] = None,
    shadow: Annotated[
        bool,
        typer.Option("--shadow", help="Look and decide beside today's system; launch nothing."),
    ] = False,
    today: Annotated[
        list[str],
        typer.Option(
            help="With --shadow, whose tasks run today: FLEET=family:NAME or FLEET=service:NAME; "
            "else those of the fleet's own family."
        ),
    ] = [],  # noqa: B006 - typer copies it
) -> int:
    """Tick every period until SIGTERM or Ctrl-C, with a status page, /metrics and /healthz.

    A changed configuration file, or SIGHUP, is taken over before the next tick if it is valid.

    Example: autoscaler run --config autoscaler.yaml --port 8080
    """
    configure()
    clients = Clients()
    mode = Shadow(today, clients) if shadow else Acting()
    settings = mode.settings(settings_to_tick(config))
    token = token_from(token_file, os.environ)
    keys = mode.keys(keys_from(actions_file, os.environ))
    _leave_out_created()
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    metrics.ticks_every(settings.period)
    board = _board(settings, records, acts=mode.acts)
    notices = ServiceNotices(clients, metrics.notified, metrics.notifies)
    places = Everywhere([board, notices, *_places(metrics, records)])
    aws = AwsWorld(settings, places, clients)
    with closing(aws), only_replica(settings.store), closing(notices):
        reloading = Reloading(
            files_or_default(config),
            lambda: mode.settings(settings_from(config)),
            _Builder(settings, aws, metrics, board, mode, notices).build,
            metrics.reloaded,
        )
        signal.signal(signal.SIGHUP, reloading.ask)
        service = Service(
            lambda due, fleets: _tick(reloading, due, fleets),
            settings.period,
            aws.world(settings).clock.now,
            metrics.missed,
        )
        service.stop_on_signals()
        actions = Actions(board, aws.world(settings).store, keys, time.time)
        shown = Shown(registry, service.trouble, Page(board, actions))
        with _status(host, port, shown, token) as status:
            _log.info("started", port=status.port, period_seconds=settings.period, acts=mode.acts)
            _tell_who_may_read(status.access, host)
            service.run()
    _log.info("stopped")
    return 0


def _tick(
    reloading: Reloading[tuple[World, Rulebook]], due: int, fleets: Collection[str] | None
) -> Mapping[str, int]:
    world, book = reloading.current()
    if fleets is not None:
        book = replace(book, fleets=tuple(one for one in book.fleets if one.name in fleets))
    return booked(controller.tick(world, book, due))


@dataclass(frozen=True, slots=True)
class _Builder:
    """Builds what ticks need from settings, unless a reload cannot take these over."""

    _first: Settings
    _aws: AwsWorld
    _metrics: Metrics
    _board: Board
    _mode: Mode
    _notices: ServiceNotices

    def build(self, settings: Settings) -> tuple[World, Rulebook]:
        for name in RESTART_FOR:
            if getattr(settings, name) != getattr(self._first, name):
                raise ConfigurationError(f"{name} has changed: restart the service for that")
        self._aws.require_sound(settings)
        self._metrics.keep_only(settings.every_fleet, settings.queues)
        self._board.configure(settings)
        world = self._mode.world(self._aws.world(settings), settings)
        self._notices.configure(settings, world.store)
        return replace(world, bookable=True), settings.rulebook()


def _board(settings: Settings, records: Path | None, *, acts: bool) -> Board:
    """What the page shows, from the hours before this start where they were recorded."""
    board = Board(time.time, acts=acts)
    board.configure(settings)
    for record in earlier(records) if records else ():
        board.write(record)
    return board


def _places(metrics: Metrics, records: Path | None) -> list[Records]:
    return [LogLines(), metrics, *([JsonLines(records)] if records else [])]


def _tell_who_may_read(access: Access, host: str) -> None:
    tell = _log.warning if isinstance(access, Nobody) else _log.info
    tell("status_server", host=host, access=access.says)


def _status(host: str, port: int, shown: Shown, token: str | None) -> StatusServer:
    try:
        return StatusServer(host, port, shown, token)
    except OSError as error:
        raise ConfigurationError(
            f"{host}:{port} cannot be listened on ({error.strerror}); choose another --port, "
            "or 0 for a free one"
        ) from error
