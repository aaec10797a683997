"""Names of queues and fleets, for completion: as quick as reading YAML, and silent on mistakes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

VARIABLE, USUAL = "AUTOSCALER_CONFIG", "autoscaler.yaml"
OPTIONS = ("--config", "-c")


def main(words: Sequence[str]) -> int:
    """Print the names of this kind in the configuration that a command line names.

    `words`: the kind (`queues`, `fleets`, or `aws-queues`, as AWS calls them), then the line's
    words. What cannot be read has no names: the verb itself will say what is wrong with it.
    """
    kind, *line = words
    found = {name for file in _files(line) for name in _names(kind, _read(Path(file)))}
    print(*sorted(found), sep="\n", end="\n" if found else "")
    return 0


def _files(line: Sequence[str]) -> Sequence[str]:
    named = [after for word, after in pairwise(line) if word in OPTIONS]
    named += [word.partition("=")[2] for word in line if word.startswith("--config=")]
    return named or [file for file in os.environ.get(VARIABLE, "").split(":") if file] or [USUAL]


def _read(file: Path) -> Mapping[str, Any]:
    try:
        read = yaml.safe_load(file.expanduser().read_bytes())
    except (OSError, yaml.YAMLError, RuntimeError):  # RuntimeError: no home to expand
        return {}
    return read if isinstance(read, dict) else {}


def _names(kind: str, read: Mapping[str, Any]) -> Iterator[str]:
    named = read.get("fleets" if kind == "fleets" else "queues")
    for name, about in named.items() if isinstance(named, dict) else ():
        aws = about.get("queue") if isinstance(about, dict) else None
        if kind != "aws-queues":
            yield str(name)
        elif aws:
            yield str(aws).replace(":", "/").rpartition("/")[2]  # of a URL or an ARN
