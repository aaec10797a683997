"""The site of docs/, built as `make docs` builds it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def build(
    into: Path, configuration: Path = ROOT / "mkdocs.yml"
) -> subprocess.CompletedProcess[str]:
    """What mkdocs says of a strict build, and whether it ended well."""
    command = (sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(into))
    return subprocess.run(
        [*command, "--config-file", str(configuration)],
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
        check=False,
    )
