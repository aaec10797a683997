"""The Lambda's package is the same bytes whenever, wherever and for whatever it is built."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def build(output: Path, architecture: str, **environ: str) -> bytes:
    options = ["--architecture", architecture, "--output", str(output)]
    command = [sys.executable, "-m", "autoscaler", "package", "lambda", *options]
    subprocess.run(
        command, cwd=output.parent, env={**os.environ, **environ}, check=True, timeout=240
    )
    return output.read_bytes()


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    first = build(tmp_path / "first.zip", "arm64", PYTHONHASHSEED="1", TZ="UTC")
    second = build(
        elsewhere / "second.zip",
        "x86_64",
        PYTHONHASHSEED="7",
        TZ="Asia/Tokyo",
        TMPDIR=str(elsewhere),
    )

    assert first == second
