"""`autoscaler package`: what the Lambda runs, and its configuration in validated form."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autoscaler.cli.options import ConfigFiles, settings_from
from autoscaler.config import load
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import Settings
from autoscaler.operations.packaging.lambda_package import Package, package, validated

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Build the Lambda's package, or its configuration alone.",
)

LARGEST_PARAMETER = 4096
"""Characters of a standard parameter; an advanced one takes 8 KB [SSM parameter tiers]."""


class Architecture(StrEnum):
    """Of the processors that Lambda offers."""

    ARM64 = "arm64"
    X86_64 = "x86_64"


@app.command("lambda")
def lambda_(
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    architecture: Annotated[
        Architecture, typer.Option(help="For what the next step is told; the package fits both.")
    ] = Architecture.ARM64,
    output: Annotated[Path, typer.Option(help="The zip to write.")] = Path("dist/lambda.zip"),
) -> int:
    """Build the zip that Lambda runs: the same bytes from the same input, nothing compiled in it.

    With --config the configuration is validated and goes along. Without, the function reads one
    from S3 or SSM, written by `autoscaler package config`.

    Example: autoscaler package lambda --config autoscaler.yaml
    """
    settings = _settings(config)
    made = package(output, settings, validated(settings) if settings else None)
    _tell(made, architecture, settings, config)
    return 0


@app.command("config")
def config_(
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    output: Annotated[Path, typer.Option(help="The file to write.")] = Path("autoscaler.json"),
) -> int:
    """Write a configuration in validated form, to be put into S3 or an SSM parameter.

    Example: autoscaler package config --config autoscaler.yaml --output autoscaler.json
    """
    text = validated(settings_from(config))
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{output} cannot be written: {error.strerror}") from error
    fits = "fits a standard SSM parameter" if len(text) <= LARGEST_PARAMETER else "is for S3"
    print(f"wrote {output}: {len(text):,} characters, which {fits}")
    return 0


def _settings(files: Sequence[Path]) -> Settings | None:
    return load(files, os.environ) if files else None


def _tell(
    made: Package, architecture: Architecture, settings: Settings | None, files: Sequence[Path]
) -> None:
    print(f"wrote {made.path}: {made.bytes / 1e6:.1f} MB")
    print(f"  runs on    Runtime={made.runtime} Architecture={architecture.value}")
    if settings is None:
        print("  settings   none in it; set ConfigAddress to s3://bucket/key or ssm:/name")
    else:
        print(f"  settings   {', '.join(map(str, files))}, of {settings.installation}")
    print(f"  AWS        {', '.join(made.services)}")
