"""A small valid configuration, and how a changed one is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from autoscaler.config import load
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import Settings

VALID = """\
installation: prod
fleets:
  thumbnailers:
    cluster: pipeline
    task_definition: queue-proc
    container: worker
    subnets: [subnet-1]
    limits:
      max_tasks: 10
queues:
  thumbnails:
    queue: photos
    fleet: thumbnailers
    policies:
      - type: depth
        messages_per_task: 10
"""


def changed(old: str, new: str) -> str:
    """VALID with a part replaced that is in it."""
    assert old in VALID
    return VALID.replace(old, new)


def load_text(directory: Path, *texts: str, environ: Mapping[str, str] | None = None) -> Settings:
    """Load texts as the files ``one.yaml``, ``two.yaml``, ... of a directory."""
    paths = [directory / f"{name}.yaml" for name in ("one", "two", "three")[: len(texts)]]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return load(paths, environ or {})


def told(directory: Path, *texts: str, environ: Mapping[str, str] | None = None) -> list[str]:
    """The lines of the error that loading these texts ends with."""
    with pytest.raises(ConfigurationError) as caught:
        load_text(directory, *texts, environ=environ)
    return str(caught.value).replace(f"{directory}/", "").splitlines()
