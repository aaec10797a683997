"""Everything at once against two controllers, in small: `make chaos` is the large run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_nothing_is_lost_or_launched_twice_and_everything_ends_at_zero() -> None:
    command = [sys.executable, "-m", "chaos.run", "--messages", "200", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.stdout, ended.stderr
    figures = json.loads(ended.stdout)
    assert figures["problems"] == []
    assert figures["messages_handled"] == 200
    assert figures["controllers_killed"] + figures["workers_killed"] >= 1
    assert figures["ticks_replayed"] >= 3
    assert figures["replayed_otherwise"] == 0
    assert figures["faults"]["throttle"] + figures["faults"]["throttle_by_ec2"] >= 1
    assert ended.returncode == 0
