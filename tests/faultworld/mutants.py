"""Does the driver notice? Puts a known defect into a copy of the code and walks until it breaks.

    python tests/faultworld/mutants.py

Ends with status 1 if a defect stays unnoticed, or if its place in the code is no longer there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STEPS = 40_000


@dataclass(frozen=True)
class Defect:
    """What goes wrong, and the line that is changed for it."""

    what: str
    file: str
    line: str
    instead: str


DEFECTS = (
    Defect(
        "launches in doubt do not count as live",
        "core/tasks.py",
        "return len(self.tasks) + self.unseen",
        "return len(self.tasks)",
    ),
    Defect(
        "a launch in doubt is given up within a tick",
        "core/ledger.py",
        "EXPIRES_AFTER = 600.0",
        "EXPIRES_AFTER = 60.0",
    ),
    Defect(
        "a token does not depend on the tick",
        "core/tokens.py",
        "self.tick",
        "0",
    ),
    Defect(
        "whoever was turned away settles the launch for the other replica",
        "core/memory.py",
        "return outcome.unsure is None and not (intent.shared and outcome.turned_away)",
        "return outcome.unsure is None",
    ),
    Defect(
        "a lost answer settles a launch as refused",
        "core/memory.py",
        "return outcome.unsure is None and",
        "return",
    ),
)


def main() -> int:
    unnoticed = [defect for defect in DEFECTS if not _noticed(defect)]
    return 1 if unnoticed else 0


def _noticed(defect: Defect) -> bool:
    with tempfile.TemporaryDirectory() as copy:
        for room in ("autoscaler", "policies", "tests"):
            shutil.copytree(ROOT / room, Path(copy) / room)
        file = Path(copy) / "autoscaler" / defect.file
        text = file.read_text()
        if defect.line not in text:
            sys.stdout.write(f"{defect.what}: {defect.line!r} is no longer in {defect.file}\n")
            return False
        file.write_text(text.replace(defect.line, defect.instead))
        ended = _drive(Path(copy))
    told = ended.stderr.strip().splitlines()[-1:] or ["not noticed"]
    sys.stdout.write(f"{defect.what}: {told[0]}\n")
    sys.stdout.flush()
    return ended.returncode == 1


def _drive(copy: Path) -> subprocess.CompletedProcess[str]:
    drive = str(copy / "tests" / "faultworld" / "drive.py")
    paths = {"PYTHONPATH": f"{copy}{os.pathsep}{copy / 'tests'}"}
    return subprocess.run(
        [sys.executable, drive, "--steps", str(STEPS)],
        env={**os.environ, **paths},
        capture_output=True,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main())
