"""CloudFormation's own linter finds nothing in the templates."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "deploy" / "cloudformation"


def test_the_templates_are_clean() -> None:
    linter = Path(sys.executable).with_name("cfn-lint")
    paths = sorted(map(str, FOLDER.glob("*.yaml")))

    done = subprocess.run([linter, *paths], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")
    assert len(paths) == 4
