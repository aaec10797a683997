"""The wheel: what is in it, and that it does the main job from a clean environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

import autoscaler

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path) -> str:
    """The output of a command that must succeed, far from this checkout."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    run(sys.executable, *build, cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin directory of a clean environment with the wheel and the demo's requirements."""
    home = tmp_path_factory.mktemp("clean")
    venv.create(home, with_pip=True)
    pip = [home / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-compile"]
    run(*pip, "--require-hashes", "-r", ROOT / "requirements" / "demo.txt", cwd=home)
    run(*pip, "--no-deps", wheel, cwd=home)
    return home / "bin"


def test_the_wheel_holds_both_top_level_packages_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"autoscaler", "policies"}
    assert len(tops) == 3
    assert {"autoscaler/py.typed", "policies/py.typed"} <= set(names)


def test_the_wheel_carries_its_license_and_no_path_of_the_machine_that_built_it(
    wheel: Path,
) -> None:
    with zipfile.ZipFile(wheel) as opened:
        texts = {name: opened.read(name) for name in opened.namelist()}

    assert any(name.endswith("licenses/LICENSE") for name in texts)
    assert not [name for name, text in texts.items() if str(ROOT).encode() in text]


def test_an_installed_wheel_runs_the_demo(clean: Path) -> None:
    told = run(clean / "autoscaler", "demo", "--messages", "20", "-o", "json", cwd=clean)

    summary = json.loads(told)
    assert summary["messages_done"] == 20
    assert summary["tasks_left"] == 0


def test_an_installed_wheel_knows_its_version(clean: Path) -> None:
    assert run(clean / "autoscaler", "--version", cwd=clean).strip() == autoscaler.__version__
