"""The bills of materials: all that is shipped, and nothing else."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

import autoscaler

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "deploy" / "release" / "sbom"
MADE_OF = {
    "controller": ["controller.txt"],
    "lambda-image": ["controller.txt", "lambda-image.txt"],
}


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("bills")
    done = subprocess.run([SCRIPT, folder], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return {file.name: json.loads(file.read_text()) for file in folder.iterdir()}


def pinned(names: list[str]) -> dict[str, set[str]]:
    """Every package with its version, and the hashes it may have."""
    text = "".join((ROOT / "requirements" / name).read_text() for name in names)
    blocks = re.findall(r"^([\w.-]+==[^\s;]+)(.*?)(?=^\w|\Z)", text, re.MULTILINE | re.DOTALL)
    return {pin: set(re.findall(r"sha256:([0-9a-f]{64})", rest)) for pin, rest in blocks}


@pytest.mark.parametrize("name", MADE_OF)
def test_every_pinned_package_is_there_with_its_hashes(
    bills: dict[str, dict[str, Any]], name: str
) -> None:
    bill = bills[f"{name}.cdx.json"]

    listed = {
        f"{one['name']}=={one['version']}": {
            given["content"] for place in one["externalReferences"] for given in place["hashes"]
        }
        for one in bill["components"]
    }
    assert listed == pinned(MADE_OF[name])
    assert all(listed.values())


def test_each_is_about_this_version_and_says_no_time(bills: dict[str, dict[str, Any]]) -> None:
    for bill in bills.values():
        about = bill["metadata"]["component"]
        assert (about["name"], about["version"]) == ("queue-autoscaler", autoscaler.__version__)
        assert "timestamp" not in bill["metadata"]
        assert bill["bomFormat"] == "CycloneDX"
    assert bills.keys() == {f"{name}.cdx.json" for name in MADE_OF}
