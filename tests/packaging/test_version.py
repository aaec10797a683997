"""One version, wherever it is told."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

import autoscaler

ROOT = Path(__file__).parents[2]
VERSION = autoscaler.__version__


def test_it_is_a_version_as_semantic_versioning_has_it() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)


def test_the_package_is_where_the_project_gets_it_from() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    told = project["project"].get("version", VERSION)
    assert told == VERSION
    assert "version" in project["project"] or project["tool"]["hatch"]["version"] == {
        "path": "autoscaler/__init__.py"
    }


def test_the_chart_installs_this_version_and_has_the_same() -> None:
    chart = yaml.safe_load((ROOT / "helm/queue-autoscaler/Chart.yaml").read_text())

    assert (chart["version"], chart["appVersion"]) == (VERSION, VERSION)


def test_the_newest_release_in_the_changelog_is_this_one_or_the_one_before() -> None:
    """Before the first release there is none; what is not released has a place of its own."""
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    released = [
        tuple(map(int, re.findall(r"\d+", one)[:3])) for one in headings if one[0].isdigit()
    ]

    assert headings[0] == "Unreleased" or headings[0].startswith(f"{VERSION} - ")
    assert released == sorted(released, reverse=True)
    assert all(one <= tuple(map(int, VERSION.split("."))) for one in released)


def test_no_page_or_manifest_names_another_version_of_the_images() -> None:
    shown = re.compile(r"queue-autoscaler(?:-lambda)?:(\d+\.\d+\.\d+)")
    files = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.*"), ROOT / "README.md"]
    texts = [one.read_text() for one in files if one.is_file() and one.suffix != ".pyc"]
    named = {found for text in texts for found in shown.findall(text)}

    assert named <= {VERSION}
