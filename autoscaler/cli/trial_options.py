"""Options that the verbs of the simulation share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Picture(StrEnum):
    """How results are shown."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"


PictureFormat = Annotated[
    Picture, typer.Option("--output", "-o", help="For people, for programs, or as a page.")
]
Promise = Annotated[str, typer.Option(help="The longest a message may wait to be started.")]
Queue = Annotated[str | None, typer.Option(help="Whose policies; needed where a file has several.")]
Work = Annotated[
    str | None,
    typer.Option(help="How long a message takes, if the trace does not tell or is not believed."),
]
World = Annotated[
    Path | None, typer.Option(help="File that says how the simulated AWS and workers behave.")
]
