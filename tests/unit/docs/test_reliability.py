"""The ways AWS misleads a controller: the page that lists them and the tests that name them."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TRAPS = {f"T{number}" for number in range(1, 25)}


def named() -> dict[str, set[str]]:
    """By trap, the tests that are marked with it."""
    found = defaultdict(set)
    for path in (ROOT / "tests").rglob("test_*.py"):
        for trap, test in _marks(path):
            found[trap].add(test)
    return found


def _marks(path: Path) -> Iterator[tuple[str, str]]:
    text = path.read_text()
    if "mark.trap" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            for mark in node.decorator_list:
                if "pytest.mark.trap" in ast.unparse(mark):
                    assert isinstance(mark, ast.Call)
                    yield ast.literal_eval(mark.args[0]), node.name


def rows() -> dict[str, set[str]]:
    """By trap, the tests its row in the page names."""
    page = (ROOT / "docs" / "reliability.md").read_text()
    lines = re.findall(r"^\| (T\d+) \|.*\| (.+) \|$", page, re.MULTILINE)
    return {trap: set(re.findall(r"`(test_\w+)`", tests)) for trap, tests in lines}


def test_every_trap_has_a_test_that_names_it() -> None:
    assert named().keys() == TRAPS


def test_the_page_names_the_same_tests() -> None:
    assert rows() == named()
