"""The scopes of requirements: cut from one resolution, every package by its hash."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "requirements"


def blocks(name: str) -> set[str]:
    """Each requirement with its hashes."""
    return set(re.split(r"\n(?=\S)", (FOLDER / name).read_text().rstrip()))


@pytest.mark.parametrize("name", ["test.txt", "demo.txt", "controller.txt", "build.txt"])
def test_a_scope_is_cut_from_the_one_resolution(name: str) -> None:
    whole = {block.split(" ", 1)[0]: block for block in blocks("all.txt")}
    scope = {block.split(" ", 1)[0]: block for block in blocks(name)}

    assert scope.keys() <= whole.keys()
    assert [pin for pin in scope if hashes(scope[pin]) != hashes(whole[pin])] == []


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda file: file.name)
def test_every_package_is_pinned_by_version_and_hash(file: Path) -> None:
    for block in blocks(file.name):
        assert re.match(r"#|[\w.-]+==\S+", block), block
        assert block.startswith("#") or hashes(block), block


def hashes(block: str) -> set[str]:
    return set(re.findall(r"--hash=sha256:[0-9a-f]{64}", block))
