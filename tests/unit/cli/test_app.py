"""The command as a whole: which verbs are loaded, and how a line that goes wrong ends."""

from __future__ import annotations

import subprocess
import sys
from typing import NoReturn

import pytest

from autoscaler.cli import app as command
from autoscaler.cli import plan


def loaded_by(*line: str) -> str:
    """The modules that a command line loads, one a line."""
    run = "from autoscaler.cli.app import run\ntry:\n run(sys.argv[1:])\nexcept SystemExit: pass"
    show = "print(*sys.modules, sep='\\n', file=sys.stderr)"
    program = [sys.executable, "-c", f"import sys\n{run}\n{show}", *line]
    return subprocess.run(program, capture_output=True, text=True, check=True).stderr


def test_a_verb_loads_itself_and_no_other() -> None:
    loaded = loaded_by("pause", "--help").split()
    assert "autoscaler.cli.pause" in loaded
    assert not {"autoscaler.cli.demo", "autoscaler.cli.plan", "autoscaler.demo"} & set(loaded)


def test_the_version_loads_no_verb() -> None:
    assert "autoscaler.config" not in loaded_by("--version").split()


def test_without_a_verb_all_of_them_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run([]) == 0
    told = capsys.readouterr().out
    assert all(f"\n  {verb} " in told for verb in command.VERBS)


def test_an_unknown_verb_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(["plann"]) == 2
    assert "Did you mean 'plan'" in capsys.readouterr().err


def test_ctrl_c_ends_a_verb_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(plan, "plan", interrupted)
    assert command.run(["plan"]) == command.INTERRUPTED
