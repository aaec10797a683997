"""`autoscaler trace`: histories of queues, to replay."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autoscaler.cli.extras import extra
from autoscaler.cli.options import Output, OutputFormat
from autoscaler.cli.trace_fetch import fetch
from autoscaler.cli.trace_options import File, Force, Format, Queue, Seed, Target, Work

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Fetch, look at, make, cut, thin and merge histories of queues, to replay them.",
)

app.command("fetch")(fetch)


@app.command("info")
def info(file: File, queue: Queue = None, output: OutputFormat = Output.TEXT) -> int:
    """Tell how much arrives, how bursty, how long work takes, with a picture of the rate.

    FILE may also be one of records that `autoscaler run --records FILE` writes.

    Example: autoscaler trace info july.csv.gz
    """
    with extra("sim"):
        from autoscaler.cli import tracing  # noqa: PLC0415 - numpy is an extra
    tracing.info(file, queue, output)
    return 0


@app.command("make")
def make(
    shape: Annotated[
        str,
        typer.Argument(
            help="poisson, diurnal, onoff, flash (a crowd), bulk (uploads to S3) or ci (builds "
            "that fan out), each with options such as diurnal:rate=10,swing=0.8; rate is messages "
            "a minute on average."
        ),
    ],
    output: Target,
    length: Annotated[str, typer.Option("--for", help="How long it is.")] = "7d",
    work: Work = None,
    seed: Seed = 0,
    force: Force = False,
    told: Format = Output.TEXT,
) -> int:
    """Make up a trace; the same seed makes the same again.

    Example: autoscaler trace make bulk:rate=20,files=300 --for 7d --work 30s --output made.csv.gz
    """
    with extra("sim"):
        from autoscaler.cli import tracing  # noqa: PLC0415 - numpy is an extra
    tracing.make(shape, length, work, seed, tracing.Target(output, force, told))
    return 0


@app.command("cut")
def cut(
    file: File,
    output: Target,
    start: Annotated[str, typer.Option("--from", help="Since the trace's start.")] = "0s",
    end: Annotated[str | None, typer.Option("--to", help="The same; else its end.")] = None,
    queue: Queue = None,
    force: Force = False,
    told: Format = Output.TEXT,
) -> int:
    """Take a stretch of time, also of a file that is too long to replay.

    Example: autoscaler trace cut july.csv.gz --from 2d --to 9d --output week.csv.gz
    """
    with extra("sim"):
        from autoscaler.cli import tracing  # noqa: PLC0415 - numpy is an extra
    tracing.cut(file, (start, end), queue, tracing.Target(output, force, told))
    return 0


@app.command("thin")
def thin(
    file: File,
    share: Annotated[float, typer.Argument(min=0, max=1, help="Of the messages, to keep.")],
    output: Target,
    seed: Seed = 0,
    queue: Queue = None,
    force: Force = False,
    told: Format = Output.TEXT,
) -> int:
    """Take a random share of the messages, also of a file that is too long to replay.

    Example: autoscaler trace thin worldcup98_minute.csv.gz 0.001 --output thinned.csv.gz
    """
    with extra("sim"):
        from autoscaler.cli import tracing  # noqa: PLC0415 - numpy is an extra
    tracing.thin(file, (share, seed), queue, tracing.Target(output, force, told))
    return 0


@app.command("merge")
def merge(
    files: Annotated[list[Path], typer.Argument(help="Traces, each from its own start.")],
    output: Target,
    work: Work = None,
    seed: Seed = 0,
    force: Force = False,
    told: Format = Output.TEXT,
) -> int:
    """Put traces on top of each other, as one queue would see them all; one row a message.

    Example: autoscaler trace merge week.csv.gz made.csv.gz --output both.csv.gz
    """
    with extra("sim"):
        from autoscaler.cli import tracing  # noqa: PLC0415 - numpy is an extra
    tracing.merge(files, work, seed, tracing.Target(output, force, told))
    return 0
