"""systemd's own check of the unit that runs a worker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.programs import program

UNIT = Path(__file__).parents[2] / "deploy/systemd/queue-worker.service"


def test_systemd_finds_nothing_to_complain_of_in_the_unit(tmp_path: Path) -> None:
    """It looks for the program as well, so the copy names one that is here."""
    analyze = program("systemd-analyze", package="systemd")
    copy = tmp_path / UNIT.name
    text = UNIT.read_text()
    assert "/opt/queue-worker/venv/bin/autoscaler" in text
    copy.write_text(text.replace("/opt/queue-worker/venv/bin/autoscaler", sys.executable))

    checked = subprocess.run(
        [analyze, "verify", "--man=no", "--recursive-errors=no", str(copy)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.stdout + checked.stderr == ""
    assert checked.returncode == 0
