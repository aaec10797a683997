"""Every command on a page is run by a test or says why not, and is one that there is."""

from __future__ import annotations

import re

import pytest
from support.command_lines import PAGES, ROOT, Block, blocks, commands, unknown

RUN_BY = {
    "docs/cli.md": "tests/functional/cli/test_docs.py",
    "docs/container.md": "tests/tools/test_container_walk.py",
    "docs/doctor.md": "tests/functional/doctor/test_doctor.py",
    "docs/drain-or-service.md": "tests/functional/simulation/test_drain_or_service.py",
    "docs/helm.md": "tests/tools/test_helm_walk.py",
    "docs/lambda.md": "tests/tools/test_lambda_walk.py",
    "docs/metrics.md": "tests/tools/monitoring/test_page.py",
    "docs/modes.md": "tests/functional/cli/test_mode.py",
    "docs/replay.md": "tests/functional/cli/test_replay_page.py",
    "docs/shadow.md": "tests/functional/cli/test_shadow.py",
    "docs/walk.md": "tests/functional/simulation/test_walk.py",
    "docs/write-a-policy.md": "tests/functional/cli/test_policy_package.py",
}
"""The test that runs what stands in a page's fences of the language `console`."""

FEWEST_WORDS = 3
BLOCKS = list(blocks())


def complaint(block: Block) -> str | None:
    """What is to be done about a block, as a sentence."""
    if block.not_run is not None:
        short = len(block.not_run.split()) < FEWEST_WORDS
        return f"{block.place}: say in a sentence why it is not run" if short else None
    if block.page not in RUN_BY:
        return (
            f"{block.place}: no test runs this; write <!-- not run: why --> above it, or a test "
            "that runs the page, and name that in RUN_BY"
        )
    if block.language != "console":
        return f"{block.place}: {RUN_BY[block.page]} runs fences of the language console alone"
    if len(block.commands) > 1 or block.commands[0].endswith("\\"):
        return f"{block.place}: {RUN_BY[block.page]} runs one line a fence; make it several fences"
    return None


def test_every_block_is_run_by_a_test_or_says_why_not() -> None:
    complaints = [told for block in BLOCKS if (told := complaint(block))]
    assert not complaints, "\n".join(complaints)
    assert len(BLOCKS) > 80


def test_every_excuse_stands_above_a_block() -> None:
    excused = sum(block.not_run is not None for block in BLOCKS)
    assert sum(page.read_text(encoding="utf-8").count("<!-- not run") for page in PAGES) == excused


@pytest.mark.parametrize(("page", "test"), RUN_BY.items())
def test_the_test_of_a_page_reads_it(page: str, test: str) -> None:
    assert f'"{page.removeprefix("docs/")}"' in (ROOT / test).read_text(encoding="utf-8")
    assert [block for block in BLOCKS if block.page == page and block.not_run is None]


def test_every_verb_and_every_option_of_a_call_is_one_that_there_is() -> None:
    calls = [(one.place, call) for one in commands() for call in one.calls]
    wrong = [
        f"{place}: autoscaler {' '.join(call)}: there is no {', no '.join(words)}"
        for place, call in calls
        if (words := unknown(call))
    ]
    assert not wrong, "\n".join(wrong)
    assert len(calls) > 200


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("plan --queue jobs -o json", []),
        ("plann", ["plann"]),
        ("plan --queues jobs", ["--queues"]),
        ("config chekc --aws", ["chekc", "--aws"]),
        ("config show --aws", ["--aws"]),
        ("worker status --jobs", ["--jobs"]),
        ("worker --queue jobs --exec -- convert --strip", []),
    ],
)
def test_what_there_is_not_is_told(call: str, words: list[str]) -> None:
    assert unknown(call.split()) == words


def test_every_target_of_make_is_one_that_there_is() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    there = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    assert [told for told in _named(r"make ([a-z][a-z-]*)") if told[1] not in there] == []


def test_every_program_that_python_runs_is_there() -> None:
    programs = _named(r"python ((?:benchmarks|tests)/\S+?\.py)")
    assert [told for told in programs if not (ROOT / told[1]).is_file()] == []


def _named(pattern: str) -> list[tuple[str, str]]:
    """By page, what commands behind a prompt or in the text name."""
    told = [
        (page.relative_to(ROOT).as_posix(), name)
        for page in PAGES
        for name in re.findall(
            rf"(?:^\$ |`){pattern}", page.read_text(encoding="utf-8"), re.MULTILINE
        )
    ]
    assert len(told) > 4
    return told
