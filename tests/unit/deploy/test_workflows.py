"""What runs at the code's host: pinned, with least permissions, safe against what it is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / ".github" / "workflows").glob("*"))
HARMLESS = {"contents": "read"}
WRITING = {
    # Who may do more than read, and why: a job that is not listed here may not.
    ("release.yml", "build"): {"contents": "read", "id-token": "write", "attestations": "write"},
    ("release.yml", "pypi"): {"id-token": "write"},
    ("release.yml", "page"): {"contents": "write"},
    **{
        (file, job): {**HARMLESS, "packages": "write", "id-token": "write", "attestations": "write"}
        for file, job in [
            ("release.yml", "image"),
            ("release.yml", "chart"),
            ("image.yml", "publish"),
            ("chart.yml", "publish"),
        ]
    },
}


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for file in FILES:
        for name, job in yaml.safe_load(file.read_text())["jobs"].items():
            yield file.name, name, job


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for file, name, job in jobs():
        for step in job.get("steps", ()):
            yield f"{file} {name}", step


def test_there_is_one_for_tests_releases_the_chart_and_the_image() -> None:
    assert [file.name for file in FILES] == ["chart.yml", "image.yml", "release.yml", "test.yml"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_is_a_workflow_that_may_do_nothing_unless_a_job_says_so(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text())

    assert workflow["name"] == file.stem
    assert workflow[True], "`on` is true in the YAML of these files"  # YAML 1.1 reads it so
    assert workflow["permissions"] == {}


def test_every_job_has_the_permissions_it_needs_and_no_others() -> None:
    asked = {(file, name): job["permissions"] for file, name, job in jobs()}

    assert asked == {place: WRITING.get(place, HARMLESS) for place in asked}
    assert asked.keys() >= WRITING.keys()


def test_every_action_is_pinned_to_a_commit_and_says_which_version_that_is() -> None:
    lines = [
        line.strip() for file in FILES for line in file.read_text().splitlines() if "uses:" in line
    ]
    pinned = re.compile(r"(- )?uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    local = re.compile(r"uses: \./\.github/workflows/[a-z]+\.yml")

    assert [
        line for line in lines if not pinned.fullmatch(line) and not local.fullmatch(line)
    ] == []
    assert len(lines) >= 15


def test_one_action_has_one_pin() -> None:
    used = {step["uses"].partition("@")[::2] for _, step in steps() if "uses" in step}

    assert len(used) == len({action for action, _ in used})


def test_a_workflow_of_ours_that_another_calls_is_there() -> None:
    called = [job["uses"] for _, _, job in jobs() if "uses" in job]

    assert [name for name in called if not (ROOT / name).exists()] == []
    assert len(called) == 3


def test_no_expression_is_pasted_into_a_shell() -> None:
    """A branch or tag may be named like a command; variables are not run."""
    assert [place for place, step in steps() if "${{" in step.get("run", "")] == []


def test_no_checkout_leaves_its_credentials_behind() -> None:
    checkouts = [
        step for _, step in steps() if step.get("uses", "").startswith("actions/checkout@")
    ]

    assert {step["with"]["persist-credentials"] for step in checkouts} == {False}


def test_no_job_runs_for_ever_or_on_whatever_is_the_latest() -> None:
    own = [(file, name, job) for file, name, job in jobs() if "uses" not in job]

    assert [place for *place, job in own if "timeout-minutes" not in job] == []
    assert {job["runs-on"] for *_, job in own} == {"ubuntu-24.04"}


def test_nothing_is_released_that_has_not_passed_the_tests() -> None:
    release = {name: job for file, name, job in jobs() if file == "release.yml"}

    def behind(name: str) -> set[str]:
        needs = release[name].get("needs", [])
        needs = [needs] if isinstance(needs, str) else needs
        return {*needs}.union(*map(behind, needs))

    assert all("test" in behind(name) for name in release if name != "test")


def test_packages_are_published_without_a_password() -> None:
    texts = "".join(file.read_text() for file in FILES)

    assert "secrets." not in texts
