"""`autoscaler tick`: look, decide and act once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing

from autoscaler import controller
from autoscaler.cli.options import ConfigFiles, Output, OutputFormat, settings_to_tick
from autoscaler.core.record import End, Record, to_json
from autoscaler.runtime.due import manual
from autoscaler.runtime.replica import only_replica
from autoscaler.runtime.world import AwsWorld
from autoscaler.telemetry.logs import configure
from autoscaler.telemetry.records import Nowhere
from autoscaler.telemetry.summary import summary


def tick(config: ConfigFiles = [], output: OutputFormat = Output.TEXT) -> int:  # noqa: B006 - typer
    """Look at every queue, decide and launch once, then say why.

    Exit status 1 if a fleet was held or AWS refused something.

    Example: autoscaler tick --config autoscaler.yaml -o json
    """
    configure()
    settings = settings_to_tick(config)
    with only_replica(settings.store), closing(AwsWorld(settings, Nowhere())) as aws:
        aws.require_sound(settings)
        world = aws.world(settings)
        records = controller.tick(world, settings.rulebook(), manual(world.clock.now()))
    if output is Output.JSON:
        print(json.dumps([to_json(record) for record in records], indent=2))
    else:
        _print_for_people(records)
    return 0 if all(_well(record) for record in records) else 1


def _well(record: Record) -> bool:
    refused = any(outcome.failures or outcome.unsure for outcome in record.outcomes.values())
    return record.end in (End.DECIDED, End.DONE_BEFORE) and not refused


def _print_for_people(records: Sequence[Record]) -> None:
    for record in records:
        told = summary(record)
        print(f"{record.fleet}: {record.end.value}, {record.launched} launched")
        for sentence in (*told["reasons"], *told.get("failures", ()), *told.get("troubles", ())):
            print(f"  {sentence}")
