"""Options that the commands of `autoscaler trace` share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autoscaler.cli.options import Output

File = Annotated[Path, typer.Argument(help="A trace, or a file of records.", show_default=False)]
Target = Annotated[
    Path,
    typer.Option("--output", help="File to write: .csv or .jsonl, and .gz after it to pack it."),
]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]
Format = Annotated[
    Output, typer.Option("--format", "-o", help="What is printed, for people or for programs.")
]
Queue = Annotated[
    str | None, typer.Option(help="Of a file of records with several queues, the one meant.")
]
Seed = Annotated[int, typer.Option(min=0, help="Of all that is left to chance.")]
Work = Annotated[
    str | None,
    typer.Option(
        help="Seconds of a slot for each message: 30s, exponential:mean=, gamma:mean=,cv=, "
        "lognormal:mean=,cv=, tokens, fitted. Otherwise what the trace tells."
    ),
]
