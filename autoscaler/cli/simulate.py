"""`autoscaler simulate`: one configuration on one trace."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from autoscaler.cli.extras import extra
from autoscaler.cli.options import ConfigFiles, files_or_default, settings_from
from autoscaler.cli.trial_options import Picture, PictureFormat, Promise, Queue, Work, World


def simulate(
    trace: Annotated[Path, typer.Option(help="File with the queue's history.")],
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    queue: Queue = None,
    world: World = None,
    work: Work = None,
    promise: Promise = "10m",
    seed: Annotated[int, typer.Option(help="Of all that is left to chance.")] = 0,
    output: PictureFormat = Picture.TABLE,
) -> int:
    """Replay a queue's history through the controller, and say what it would have come to.

    Waits, bill and launches of this configuration, and how far from perfect it was. Nothing is
    asked of AWS.

    With `-o html` a page that opens without a network is printed.

    Example: autoscaler simulate --config autoscaler.yaml --trace july.csv.gz --promise 10m
    """
    settings = settings_from(config)
    with extra("sim"):
        from autoscaler.cli import simulating  # noqa: PLC0415 - numpy and numba are an extra
        from autoscaler.cli.following import Followed  # noqa: PLC0415
        from autoscaler.cli.paging import show_page  # noqa: PLC0415
        from autoscaler.cli.progress import passing  # noqa: PLC0415
        from autoscaler.cli.score_text import facts, show  # noqa: PLC0415
        from autoscaler.simulation.compare.trials import (  # noqa: PLC0415
            Conditions,
            Trial,
            run,
            scored,
        )
    name, knobs = simulating.world_at(world, settings, queue)
    replayed = simulating.trace_at(trace, work)
    subject = simulating.subject(settings, files_or_default(config), queue)
    within = simulating.seconds("--promise", promise)
    conditions = Conditions(knobs, name, within, settings.prices)
    trial = Trial(subject, replayed.digest, conditions, seed=seed)
    with passing(replayed.seconds, "simulated") as tell:
        made = run(replace(trial, subject=Followed(subject, tell)), replayed)
    scores = scored(trial, made)
    if output is Picture.JSON:
        print(json.dumps(scores.to_json(), indent=2))
    elif output is Picture.HTML:
        show_page(replayed, [(trial, scores)])
    else:
        show(facts(scores, replayed.notes))
    return 0
