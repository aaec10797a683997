"""Benchmarks are programs beside the packages; one of them has a package's name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "benchmarks"


def test_each_of_them_finds_what_it_imports() -> None:
    """As it does when it is started: its own folder is the first that is searched."""
    names = sorted(each.stem for each in FOLDER.glob("*.py"))
    search = f"sys.path[:] = [{str(FOLDER)!r}, *sys.path, {str(ROOT / 'tests')!r}]"
    imports = "[importlib.import_module(name) for name in sys.argv[1:]]"
    done = subprocess.run(
        [sys.executable, "-c", f"import importlib, sys; {search}; {imports}", *names],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(names) > 10
    assert done.returncode == 0, done.stderr
