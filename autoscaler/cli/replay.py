"""`autoscaler replay`: recorded ticks decided once more."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from autoscaler.cli.options import ConfigFiles, Output, OutputFormat, RecordsFile, settings_from
from autoscaler.cli.replay_text import report
from autoscaler.core.errors import ConfigurationError
from autoscaler.operations.replay.replay import SHOWN, Replay
from autoscaler.telemetry.record_lines import lines


def replay(
    records: RecordsFile = "records.jsonl",
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    show: Annotated[
        int, typer.Option(min=0, help="Differences that are shown one by one.")
    ] = SHOWN,
    output: OutputFormat = Output.TEXT,
) -> int:
    """Decide recorded ticks once more, by the code that runs in production.

    With the configuration they were recorded under nothing differs; with another one this says
    what it would have decided, each tick on what was seen then. Exit status 1: something differs,
    or a record could not be read.

    Example: autoscaler replay records.jsonl --config new.yaml
    """
    done = Replay(settings_from(config).rulebook(), show)
    done.take(lines(records))
    for note in done.notes:
        print(f"autoscaler: {records}: {note}", file=sys.stderr)
    if not (done.ticks or done.undecided or done.strangers or done.unreadable):
        raise ConfigurationError(f"{records}: there is no record in it")
    if output is Output.JSON:
        print(json.dumps(done.form(), indent=2))
    else:
        report(done, records)
    return 0 if done.clean else 1
