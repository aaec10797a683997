"""`autoscaler config`: check a configuration, show what is in force, print its schema."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import closing
from typing import Annotated

import typer

from autoscaler.cli.options import (
    ConfigFiles,
    Output,
    OutputFormat,
    files_or_default,
    settings_from,
)
from autoscaler.config import effective
from autoscaler.config.schema import schema as json_schema
from autoscaler.config.tree import plain
from autoscaler.config.understood import understood
from autoscaler.config.writing import origins, written
from autoscaler.core.settings import Settings
from autoscaler.plugins import names
from autoscaler.runtime.world import AwsWorld
from autoscaler.telemetry.records import Nowhere

app = typer.Typer(
    help="Check a configuration, show what is in force, print its schema.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("check")
def check(
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    aws: Annotated[
        bool, typer.Option("--aws", help="Look as well whether all it names is there.")
    ] = False,
    output: OutputFormat = Output.TEXT,
) -> int:
    """Validate, and say in a line for each fleet and queue what was understood.

    Exit status 2, with a line for each mistake, if anything is wrong.

    Example: autoscaler config check --config autoscaler.yaml --aws
    """
    settings = settings_from(config)
    if aws:
        _look(settings)
    told = understood(settings)
    print(json.dumps(told, indent=2) if output is Output.JSON else _lines(told))
    return 0


@app.command("show")
def show(
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    output: OutputFormat = Output.TEXT,
) -> int:
    """Print the configuration in force, and for each value where it comes from.

    That is all files merged, the variables of the environment over them, and the defaults of
    what was left out. As YAML it is a configuration itself.

    Example: autoscaler config show --config base.yaml --config production.yaml
    """
    tree = effective(files_or_default(config), os.environ)
    if output is Output.JSON:
        told = {"configuration": plain(tree), "origins": dict(origins(tree))}
        print(json.dumps(told, indent=2))
    else:
        print(written(tree), end="")
    return 0


@app.command("schema")
def schema() -> int:
    """Print the JSON Schema of configuration files, with the policies installed here.

    Example: autoscaler config schema > autoscaler.schema.json
    """
    print(json.dumps(json_schema(names()), indent=2))
    return 0


def _look(settings: Settings) -> None:
    with closing(AwsWorld(settings, Nowhere())) as aws:
        aws.require_sound(settings)


def _lines(told: Mapping[str, Mapping[str, str]]) -> str:
    return "\n".join(
        f"{kind} {name}: {sentence}"
        for kind, sentences in (("fleet", told["fleets"]), ("queue", told["queues"]))
        for name, sentence in sentences.items()
    )
