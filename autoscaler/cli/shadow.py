"""`autoscaler shadow report`: what `autoscaler run --shadow` has seen and would have done."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import closing
from typing import Annotated

import typer

from autoscaler.aws.clients import Clients
from autoscaler.aws.tariffs import EcsTariffs
from autoscaler.cli.options import ConfigFiles, Output, OutputFormat, RecordsFile, settings_from
from autoscaler.cli.shadow_text import print_report
from autoscaler.core.cost import Tariff
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import Settings
from autoscaler.core.units import parse_duration
from autoscaler.operations.shadow.report import Report
from autoscaler.telemetry.record_lines import lines

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Say what a controller that ran in the shadow of today's would have saved and risked.",
)


@app.callback()
def _of_several() -> None:
    """A single command would take the place of the verb."""


@app.command()
def report(
    records: RecordsFile = "records.jsonl",
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    promise: Annotated[
        str | None,
        typer.Option(help="The longest wait, for queues whose policies promise none, as 5m."),
    ] = None,
    output: OutputFormat = Output.TEXT,
) -> int:
    """Set what ran beside what we would have run: task-hours, dollars, and messages that waited.

    RECORDS is what `autoscaler run --shadow --records FILE` writes. Prices come from the account:
    the task definitions' sizes are asked for; without an answer there are no dollars.

    Example: autoscaler shadow report records.jsonl --promise 5m
    """
    settings = settings_from(config)
    told = Report(settings.rulebook(), _seconds(promise))
    told.take(lines(records))
    if not any(one.looks for one in told.fleets.values()):
        raise ConfigurationError(f"{records}: there is no record of a look in it")
    form = told.form(_tariffs(settings, told))
    if output is Output.JSON:
        print(json.dumps(form, indent=2))
    else:
        print_report(form)
    return 0


def _seconds(promise: str | None) -> float | None:
    try:
        return None if promise is None else parse_duration(promise)
    except ValueError as error:
        raise ConfigurationError(f"--promise: {error}") from error


def _tariffs(settings: Settings, told: Report) -> Mapping[str, Tariff]:
    """By fleet, as far as they are known; why one is not is said."""
    known = {}
    with closing(Clients()) as clients:
        asked = [name for name in told.fleets if name in settings.fleets]
        for name, one in EcsTariffs(settings, clients).of(asked).items():
            if isinstance(one, Tariff):
                known[name] = one
            else:
                print(f"autoscaler: {one.why}; there are no dollars of {name}", file=sys.stderr)
    return known
