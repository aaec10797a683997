"""`autoscaler trace fetch`: a queue's history from CloudWatch."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from contextlib import closing
from functools import partial
from typing import Annotated

import typer

from autoscaler.aws.addresses import queue_address
from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.history import SETTLED, minutes
from autoscaler.cli.extras import extra
from autoscaler.cli.options import Output
from autoscaler.cli.trace_options import Force, Format, Target


def fetch(
    queue: Annotated[str, typer.Argument(help="The queue's name, URL or ARN.")],
    output: Target,
    days: Annotated[
        int, typer.Option(min=1, max=15, help="CloudWatch keeps minutes for 15 days.")
    ] = 14,
    force: Force = False,
    told: Format = Output.TEXT,
) -> int:
    """Fetch what CloudWatch knows of a queue, minute by minute: sent, deleted, visible, age.

    What it does not know stays unknown. Stopped halfway, the same command goes on where it was:
    what it has is in FILE.part until all is there. Needs cloudwatch:GetMetricData.

    Example: autoscaler trace fetch thumbnails --days 14 --output trace.csv.gz
    """
    with extra("sim"):
        from autoscaler.cli import tracing  # noqa: PLC0415 - numpy is an extra
        from autoscaler.simulation.traces.fetching import Fetch, Span  # noqa: PLC0415
    target = tracing.Target(output, force, told)
    target.check()
    address = queue_address(queue)
    with closing(Clients()) as clients:
        end = (time.time() - SETTLED) // 60 * 60
        region = clients.region(address.region) or "no region"
        wanted = Span(address.name, region, end - days * 86_400, end)
        fetching = Fetch(output.with_name(f"{output.name}.part"), wanted)
        ask = partial(minutes, clients, Place(address.region), address.name)
        _watched(fetching.go_on(ask), len(fetching.span.windows))
    target.write(fetching.table())
    fetching.forget()
    return 0


def _watched(done: Iterable[int], of: int) -> None:
    """Wait for the last; on a terminal a bar shows each."""
    from rich.console import Console  # noqa: PLC0415 - only a watcher needs it
    from rich.progress import Progress  # noqa: PLC0415

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("fetching days", total=of)
        try:
            for number in done:
                progress.update(bar, completed=number)
        except KeyboardInterrupt:
            print("autoscaler: stopped; the same command goes on from here", file=sys.stderr)
            raise
