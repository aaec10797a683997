"""Options that several verbs share."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autoscaler.config import load
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import Settings

DEFAULT_FILE = "autoscaler.yaml"

ConfigFiles = Annotated[
    list[Path],
    typer.Option(
        "--config",
        "-c",
        envvar="AUTOSCALER_CONFIG",
        help="Configuration file; give it again to merge others over it.",
    ),
]


RecordsFile = Annotated[
    str,
    typer.Argument(
        envvar="AUTOSCALER_RECORDS",
        help="File of records, one a line, gzipped or not; - for standard input.",
    ),
]


class Output(StrEnum):
    """How data is printed."""

    TEXT = "text"
    JSON = "json"


OutputFormat = Annotated[Output, typer.Option("--output", "-o", help="For people or for programs.")]


def files_or_default(files: list[Path]) -> list[Path]:
    """The files that were named, or the usual one."""
    return files or [Path(DEFAULT_FILE)]


def settings_to_tick(files: list[Path]) -> Settings:
    """The same, for whoever ticks: there must be a fleet that ticks are for.

    Raises:
        ConfigurationError: every fleet launches per message.
    """
    settings = settings_from(files)
    if not settings.rulebook().fleets:
        raise ConfigurationError(
            "every fleet here launches per message, which no tick does; run `autoscaler dispatch`"
        )
    return settings


def settings_from(files: list[Path]) -> Settings:
    """The validated configuration of these files and the environment."""
    return load(files_or_default(files), os.environ)
