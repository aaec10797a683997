"""What docs/metrics.md shows of Prometheus is what Prometheus takes and says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from support.programs import program

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "metrics.md").read_text()


def test_the_configuration_is_one(tmp_path: Path) -> None:
    promtool = program("promtool", package="prometheus")
    shown = re.search(r"```yaml\n# prometheus.yaml\n(.*?)```", PAGE, re.DOTALL)
    assert shown
    (tmp_path / "prometheus.yaml").write_text(shown[1])

    checked = subprocess.run(
        [promtool, "check", "config", "--syntax-only", str(tmp_path / "prometheus.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_look_at_the_rules_goes_as_it_is_shown() -> None:
    promtool = program("promtool", package="prometheus")
    shown = re.search(r"```console\n\$ promtool (.*?)\n(.*?)```", PAGE, re.DOTALL)
    assert shown

    said = subprocess.run(
        [promtool, *shown[1].split()], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert said.stdout.strip() == shown[2].strip()
