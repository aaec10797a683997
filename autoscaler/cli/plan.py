"""`autoscaler plan`: what a tick would do now, and why."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from typing import Annotated

import typer

from autoscaler.cli.explaining import show
from autoscaler.cli.options import ConfigFiles, Output, OutputFormat, settings_from
from autoscaler.config.problems import unknown
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.rules import Rulebook
from autoscaler.core.settings import Settings
from autoscaler.runtime.planning import plan as planned
from autoscaler.runtime.planning import tariffs
from autoscaler.runtime.world import AwsWorld
from autoscaler.telemetry.explanation import Explanation, explain
from autoscaler.telemetry.logs import configure
from autoscaler.telemetry.records import Nowhere


def plan(
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    fleet: Annotated[str | None, typer.Option(help="Only this fleet.")] = None,
    queue: Annotated[str | None, typer.Option(help="Only this queue, and its fleet.")] = None,
    output: OutputFormat = Output.TEXT,
) -> int:
    """Look at every queue and decide, then do nothing but say what a tick would do and why.

    Nothing is launched, saved or recorded. Exit status 1 if a fleet would hold, as something
    it needs is unknown.

    Example: autoscaler plan --config autoscaler.yaml --queue thumbnails
    """
    configure()
    settings = settings_from(config)
    book = _chosen(settings, fleet, queue)
    with closing(AwsWorld(settings, Nowhere())) as aws:
        aws.require_sound(settings)
        world = aws.world(settings)
        prices = tariffs(world, book)
        told = [explain(record, prices.get(record.fleet)) for record in planned(world, book)]
    show([_only(one, queue) for one in told], output)
    return 0 if all(one.target is not None for one in told) else 1


def _chosen(settings: Settings, fleet: str | None, queue: str | None) -> Rulebook:
    """The rules of the fleets in question: all, unless one is named or serves the queue named."""
    _require("fleet", fleet, settings.every_fleet)
    _require("queue", queue, settings.queues)
    names = {fleet, settings.queues[queue].fleet if queue else None} - {None}
    if len(names) > 1:
        raise ConfigurationError(f"the fleet {fleet} does not serve the queue {queue}")
    book = settings.rulebook()
    return replace(book, fleets=tuple(one for one in book.fleets if one.name in names or not names))


def _require(kind: str, name: str | None, there: Iterable[str]) -> None:
    if name is not None and name not in there:
        raise ConfigurationError(f"--{kind} {name}: {unknown(kind, name, there)}")


def _only(told: Explanation, queue: str | None) -> Explanation:
    if queue is None:
        return told
    return replace(told, queues=tuple(one for one in told.queues if one.queue == queue))
