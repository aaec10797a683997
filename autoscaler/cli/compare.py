"""`autoscaler compare`: configurations and peers on traces, from many phases."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autoscaler.cli.extras import extra
from autoscaler.cli.trial_options import Picture, PictureFormat, Promise, Queue, Work, World
from autoscaler.core.errors import ConfigurationError
from autoscaler.simulation.compare.ways import Way

if TYPE_CHECKING:
    from autoscaler.cli.comparing import Comparison


def compare(
    trace: Annotated[
        list[Path], typer.Option(help="File with a queue's history; give it again for others.")
    ],
    config: Annotated[
        list[Path], typer.Option("--config", "-c", help="Configuration; again for others.")
    ] = [],  # noqa: B006 - typer copies it
    peer: Annotated[
        list[str], typer.Option(help="Another autoscaler by name, or all; again for others.")
    ] = [],  # noqa: B006
    run: Annotated[
        Way | None, typer.Option(help="Run each configuration's fleet so, whatever it says.")
    ] = None,
    queue: Queue = None,
    world: World = None,
    work: Work = None,
    promise: Promise = "10m",
    phases: Annotated[
        int, typer.Option(min=1, help="From how many moments of its period each begins to look.")
    ] = 8,
    seeds: Annotated[int, typer.Option(min=1, help="How often all that is left to chance.")] = 1,
    max_tasks: Annotated[
        int | None, typer.Option(min=0, help="Of each peer; else what the configurations allow.")
    ] = None,
    worker: Annotated[
        str, typer.Option(help="In the peers' tasks: own, shipped, ours or plain.")
    ] = "own",
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes; else one a processor.")
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Folder of trials that were run; new ones are added.")
    ] = None,
    dask: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler that runs the trials instead.")
    ] = None,
    output: PictureFormat = Picture.TABLE,
) -> int:
    """Replay histories through configurations and through other autoscalers, beside each other.

    Median and range over the phases and seeds. With `--cache`, what was run is not run again:
    end it and go on later. With `-o html` a page that opens without a network is printed. Exit
    status 1 if a trial failed.

    `--run both` answers whether a fleet should be tasks that drain and exit or a service.

    Example: autoscaler compare --config autoscaler.yaml --peer keda-job --trace july.csv.gz
    """
    with extra("sim"):
        from autoscaler.cli import comparing  # noqa: PLC0415 - numpy and numba are an extra
    if output is Picture.HTML and len(trace) > 1:
        raise ConfigurationError("a page tells of one trace; give one --trace, or another -o")
    asked = comparing.Asked(
        tuple(trace), tuple(config), tuple(peer), run, queue, world, work, promise, phases,
        seeds, max_tasks, worker,
    )  # fmt: skip
    found = comparing.compare(asked, comparing.pool(dask, jobs or _processors()), cache)
    _tell(found, output)
    return 1 if found.failed else 0


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _tell(found: Comparison, output: Picture) -> None:
    from autoscaler.cli.comparison_text import tables  # noqa: PLC0415 - numpy is an extra
    from autoscaler.cli.paging import show_page  # noqa: PLC0415
    from autoscaler.cli.score_text import show  # noqa: PLC0415

    if output is Picture.JSON:
        print(json.dumps(found.to_json(), indent=2))
    elif output is Picture.HTML and found.scored:
        show_page(found.traces[0], found.scored)
    else:
        show(*tables(found))
    for why in found.failures():
        print(f"autoscaler: {why}", file=sys.stderr)
