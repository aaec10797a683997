"""docs/worker.md says what the worker does: its table is the parser's, its examples are taken."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.programs import program
from typer.main import get_command

from autoscaler.cli.app import app
from autoscaler.worker.options import OPTIONS, Option
from autoscaler.worker.sending.command import _parser as send_parser
from autoscaler.worker.settings import read_settings
from autoscaler.worker.status.command import _parser as status_parser

PAGE = (Path(__file__).parents[3] / "docs/worker.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def row(option: Option) -> str:
    """A table's row up to the text that explains it."""
    flags = ", ".join(f"`--{flag}`" for flag in (option.flag, *option.aliases))
    variables = ", ".join(f"`{name}`" for name in option.variables)
    default = f"`{option.default}`" if option.default else ""
    return f"| {flags} | {'yes' if option.per_queue else ''} | {variables} | {default} |"


def test_the_table_names_every_option_with_its_variable_and_its_default_and_no_other() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `--")]
    assert len(rows) == len(OPTIONS)
    for line, option in zip(rows, OPTIONS, strict=True):
        assert line.startswith(row(option))


def commands() -> Iterator[list[str]]:
    """Every `autoscaler` command line of the page."""
    for block in blocks("sh"):
        for line in block.replace("\\\n", " ").splitlines():
            last = line.rpartition(" | ")[2]
            if last.startswith("autoscaler "):
                yield shlex.split(last)[1:]


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_line_is_taken_by_the_parser(words: list[str]) -> None:
    match words:
        case ["worker", "status", *rest]:
            status_parser({}).parse_args(rest)
        case ["worker", *rest]:
            read_settings(rest, {})
        case ["send", *rest]:
            send_parser({}).parse_args(rest)
        case [verb, sub, *rest]:
            group = get_command(app(verb)).commands[verb]
            group.commands[sub].make_context(sub, rest)


def test_there_are_examples_of_every_verb_of_the_page() -> None:
    assert {words[0] for words in commands()} == {"worker", "send", "dlq"}


@pytest.mark.parametrize("number", range(2))
def test_the_python_examples_are_python(number: int) -> None:
    compile(blocks("python")[number], "docs/worker.md", "exec")


def test_the_node_example_answers_a_message(tmp_path: Path) -> None:
    node = program("node", package="nodejs")
    (tmp_path / "worker.js").write_text(blocks("js")[0])
    done = subprocess.run(
        [node, "worker.js"],
        input='{"id": "1", "body": "x", "attributes": {}}\n',
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert done.stdout == '{"id":"1","status":"done"}\n'


def test_the_example_that_needs_no_queue_runs_as_it_stands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("JOBS_QUEUE", raising=False)
    (example,) = (block for block in blocks("python") if "JOBS_QUEUE" in block)
    exec(compile(example, "docs/worker.md", "exec"), {})  # noqa: S102 - what the page says
    assert capsys.readouterr().out == "resizing cat.jpg\n"
