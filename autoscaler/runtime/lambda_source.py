"""Where the Lambda's configuration comes from, and when it is read again.

Validated already, when the package was built or with `autoscaler package config`: a file of the
package, ``s3://bucket/key`` or ``ssm:/name``. YAML files are read too, where pydantic is there to
validate them: in a container image.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import autoscaler
from autoscaler.aws.objects import Objects
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import Settings
from autoscaler.validated import loads

VARIABLE = "AUTOSCALER_CONFIG"
FILE = "autoscaler.json"
"""At the top of the package, beside the folder ``autoscaler``."""
READ_AGAIN_AFTER = 300.0
"""Seconds that a configuration outside of the package counts while a Lambda stays warm."""

_REMOTE = ("s3://", "ssm:")
_WRITTEN = (".yaml", ".yml")
_KEYS = {field.name for field in fields(Settings)}


def address(environ: Mapping[str, str]) -> str:
    """What the environment names, or the file in the package."""
    return environ.get(VARIABLE) or str(Path(autoscaler.__file__).parents[1] / FILE)


def may_change(address: str) -> bool:
    """Whether it may be another while this Lambda lives."""
    return address.startswith(_REMOTE)


def settings_at(address: str, objects: Objects, environ: Mapping[str, str]) -> Settings:
    """The configuration.

    Raises:
        ConfigurationError: there is none, or it is none.
        ObservationError: AWS did not give it.
    """
    files = address.split(os.pathsep)
    if not address.startswith(_REMOTE) and files[0].endswith(_WRITTEN):
        return _written(files, environ)
    _refuse_overrides(environ)
    return loads(objects.read(address) if address.startswith(_REMOTE) else _file(address))


def _written(files: list[str], environ: Mapping[str, str]) -> Settings:
    from autoscaler.config import load  # noqa: PLC0415 - pydantic, which the package leaves out

    return load(files, environ)


def _refuse_overrides(environ: Mapping[str, str]) -> None:
    """What is validated is not changed any more, and to leave it out silently would mislead."""
    for name in sorted(environ):
        key = name.removeprefix("AUTOSCALER_").partition("__")[0].lower()
        if name.startswith("AUTOSCALER_") and key in _KEYS:
            raise ConfigurationError(
                f"{name} cannot change a configuration that is validated already; set it when "
                "you run `autoscaler package`, and take it away here"
            )


def _file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"the configuration {path} cannot be read: {error.strerror}; `autoscaler package "
            f"lambda` puts one in, or set {VARIABLE} to s3://bucket/key or ssm:/name"
        ) from error
