"""The example package, installed as anyone would: its policy is listed, checked and used."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.configurations import VALID
from support.sites import Site

from autoscaler.cli import main
from autoscaler.conformance import check
from autoscaler.core.signals import HttpNumber

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "examples" / "policy-package"
GUIDE = (ROOT / "docs" / "write-a-policy.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder it is installed in; a process with this on its path finds it."""
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-index", "--no-deps", "--no-build-isolation", "--target", str(target)]
    subprocess.run([*pip, *offline, str(PACKAGE)], check=True, cwd=target)
    return str(target)


@pytest.fixture
def here(installed: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The folder, on the path of this process, too: starting another one takes a second."""
    monkeypatch.syspath_prepend(installed)
    monkeypatch.delitem(sys.modules, "square_root", raising=False)
    return installed


def run(installed: str, *arguments: str, cwd: Path = ROOT, **variables: str) -> str:
    """What a process printed that must succeed."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        env={**os.environ, "PYTHONPATH": installed, **variables},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What a command printed as JSON, once it has succeeded."""
    assert main([*arguments, "-o", "json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("here")
def test_it_is_listed_with_its_option(capsys: pytest.CaptureFixture[str]) -> None:
    policies = {one["name"]: one for one in told(capsys, "policies")}
    assert policies["square_root"]["class"] == "square_root:SquareRoot"
    assert [option["name"] for option in policies["square_root"]["options"]] == ["scale"]


@pytest.mark.usefixtures("here")
def test_it_passes_the_suite(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["policies", "check", "square_root", "--options", "{scale: 0.5}"]
    assert told(capsys, *arguments)["passed"]


def test_its_own_tests_pass(installed: str, tmp_path: Path) -> None:
    alone = ["pytest", "-p", "no:cacheprovider", str(PACKAGE / "tests")]
    run(installed, *alone, cwd=tmp_path, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")


def test_a_tick_goes_by_it(installed: str, site: Site) -> None:
    queue = {**site.config["queues"]["jobs"], "policies": [{"type": "square_root", "scale": 0.5}]}
    path = site.write(queues={"jobs": queue})
    site.send(9)
    (record,) = json.loads(run(installed, "autoscaler", "tick", "-c", path, "-o", "json"))
    assert record["decision"]["reasons"][0]["text"] == "9 messages: 2 wanted."
    assert len(site.tasks()) == 2


# ------------------------------------------------------------------------------------ the guide


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def test_the_guide_shows_the_package_as_it_is() -> None:
    assert blocks("python")[0] in (PACKAGE / "square_root.py").read_text(encoding="utf-8")
    assert blocks("toml")[0] in (PACKAGE / "pyproject.toml").read_text(encoding="utf-8")
    suite = blocks("python")[2].partition("\n\n\n")[2].replace("SquareRoot()", "SquareRoot(scale)")
    body = suite.partition("\n")[2]
    assert body in (PACKAGE / "tests" / "test_square_root.py").read_text(encoding="utf-8")


def test_the_guides_policy_with_a_signal_passes_the_suite(tmp_path: Path) -> None:
    imports = (
        "import math\n"
        "from dataclasses import dataclass\n"
        "from autoscaler.core import needs\n"
        "from autoscaler.core.model import Advice, Observation\n"
        "from autoscaler.core.needs import Need\n"
        "from autoscaler.core.signals import HttpNumber\n"
    )
    module = tmp_path / "jobs.py"
    module.write_text(imports + blocks("python")[1])
    report = check(runpy.run_path(str(module))["Jobs"](HttpNumber("http://jobs.internal")))
    assert report.passed, report


@pytest.mark.usefixtures("here")
def test_the_guides_configuration_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (written,) = blocks("yaml")
    file = tmp_path / "autoscaler.yaml"
    fleets = VALID.partition("queues:")[0].replace("thumbnailers", "workers")
    file.write_text(fleets + written)
    assert "by square_root" in told(capsys, "config", "check", "-c", str(file))["queues"]["jobs"]
