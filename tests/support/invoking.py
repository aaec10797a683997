"""The Lambda's package as Lambda runs it: unpacked, in a fresh process with nothing else there."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_RUN = """
import json, sys
sys.path.insert(0, sys.argv[1])
from autoscaler.runtime.lambda_start import handler
class Context:
    def get_remaining_time_in_millis(self):
        return 60_000
for event in json.loads(sys.argv[2]):
    print("answer", json.dumps(handler(event, Context())))
print("modules", json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@dataclass(frozen=True)
class Invoked:
    """What came of invocations of one process."""

    answers: list[dict[str, Any]]
    modules: list[str]
    """Top-level modules that were imported by the end."""
    lines: list[dict[str, Any]]
    """What was logged."""


def unpack(package: Path, folder: Path) -> Path:
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return folder


def invoke(folder: Path, environ: Mapping[str, str], *events: Mapping[str, Any]) -> Invoked:
    """Invoke the handler of an unpacked package with these events, one after another."""
    command = [sys.executable, "-I", "-S", "-c", _RUN, str(folder), json.dumps(events or [{}])]
    done = subprocess.run(
        command, env=dict(environ), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    answers = [json.loads(one.removeprefix("answer ")) for one in lines if one[:7] == "answer "]
    (modules,) = [
        json.loads(one.removeprefix("modules ")) for one in lines if one[:8] == "modules "
    ]
    return Invoked(answers, modules, [json.loads(one) for one in lines if one.startswith("{")])
