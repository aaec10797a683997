"""`autoscaler run`: the standalone service."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import structlog
import typer
from prometheus_client import CollectorRegistry

from autoscaler import controller
from autoscaler.cli.options import ConfigFiles, settings_from
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.ports import Records
from autoscaler.runtime.service import Service
from autoscaler.runtime.status import StatusServer
from autoscaler.runtime.world import AwsWorld
from autoscaler.telemetry.logs import configure
from autoscaler.telemetry.metrics import Metrics
from autoscaler.telemetry.records import Everywhere, JsonLines, LogLines

_log = structlog.get_logger("autoscaler")


def run_service(
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    host: Annotated[str, typer.Option(help="Where /metrics and /healthz listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Their port; 0 takes a free one.")] = 8080,
    records: Annotated[
        Path | None, typer.Option(help="File that gets every tick's record as a line of JSON.")
    ] = None,
) -> int:
    """Tick every period until SIGTERM or Ctrl-C, with /metrics and /healthz.

    Example: autoscaler run --config autoscaler.yaml --port 8080
    """
    configure()
    settings = settings_from(config)
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    with closing(AwsWorld(settings, Everywhere(_places(metrics, records)))) as aws:
        aws.require_sound()
        world, book = aws.world, settings.rulebook()
        service = Service(
            lambda due: controller.tick(world, book, due),
            settings.period,
            world.clock.now,
            metrics.missed,
        )
        service.stop_on_signals()
        with _status(host, port, registry, service) as status:
            _log.info("started", port=status.port, period_seconds=settings.period)
            service.run()
    _log.info("stopped")
    return 0


def _places(metrics: Metrics, records: Path | None) -> list[Records]:
    return [LogLines(), metrics, *([JsonLines(records)] if records else [])]


def _status(host: str, port: int, registry: CollectorRegistry, service: Service) -> StatusServer:
    try:
        return StatusServer(host, port, registry, service.trouble)
    except OSError as error:
        raise ConfigurationError(
            f"{host}:{port} cannot be listened on ({error.strerror}); choose another --port, "
            "or 0 for a free one"
        ) from error
