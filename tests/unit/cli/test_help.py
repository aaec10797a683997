"""What `--help` says of every verb: what it does, an example that parses, its exit statuses."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest

from autoscaler.cli import main
from autoscaler.cli.app import VERBS as ALL
from autoscaler.cli.app import command_of
from autoscaler.cli.completing.offers import VERB, offers

LIGHT = ("worker", "worker status", "send")
"""They run without typer; their help is argparse's."""
TO_ADD = "its docstring needs a last paragraph `Example: autoscaler {} ...`, ready to be copied"


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every verb and sub-verb that does something, by its words."""
    inner = getattr(command, "commands", {})
    for name, verb in inner.items():
        yield from leaves(verb, (*path, name))
    bare = command.invoke_without_command if inner else " ".join(path) not in LIGHT
    if path and bare:
        yield " ".join(path), command


ROOT = command_of(ALL)
VERBS = dict(leaves(ROOT))


def shown(path: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The help as somebody sees it, its lines joined."""
    assert main([*path.split(), "--help"]) == 0
    return " ".join(capsys.readouterr().out.split())


def example(path: str, told: str) -> list[str]:
    """The words after `autoscaler` of the example in this help."""
    found = re.search(rf"Example: (?:[^|]*\| )?autoscaler ({path}.*?)(?: > |$)", told)
    assert found, f"autoscaler {path}: {TO_ADD.format(path)}; its help is: {told}"
    return shlex.split(found[1])


@pytest.mark.parametrize("path", VERBS)
def test_a_verb_says_in_a_sentence_what_it_does(path: str) -> None:
    first, _, _ = VERBS[path].help.partition("\n")
    assert 20 <= len(first) <= 100, f"autoscaler {path}: {first!r}"
    assert "." in first, f"autoscaler {path}: the first line is no sentence: {first!r}"


@pytest.mark.parametrize("path", VERBS)
def test_the_example_of_a_verb_is_understood_by_its_parser(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = VERBS[path].help.rstrip().rpartition("\n\n")[2]
    words = example(path, " ".join(last.split()))
    understood = []
    monkeypatch.setattr(VERBS[path], "callback", lambda **given: understood.append(given))
    monkeypatch.delenv("AUTOSCALER_CONFIG", raising=False)

    ROOT.main(words, prog_name="autoscaler", standalone_mode=False)

    assert understood, f"autoscaler {path}: its example runs another verb"


@pytest.mark.parametrize("path", [*VERBS, *LIGHT])
def test_the_help_of_a_verb_tells_its_exit_statuses(
    path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert re.search(r"Exit status: 0 done, .*1 .*, 2 wrong usage", shown(path, capsys))


@pytest.mark.parametrize("path", LIGHT)
def test_the_example_of_a_light_verb_has_options_that_there_are(
    path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = example(path, shown(path, capsys).partition(" Exit status")[0])
    options = {one for one in words if one.startswith("-")}
    assert options <= {one.word for one in offers(ROOT) if one.path == path}


def test_every_option_says_what_it_is_for() -> None:
    silent = [
        f"autoscaler {one.path} {one.word}"
        for one in offers(ROOT)
        if one.word.startswith("-") and not one.help
    ]
    assert silent == [], "give them a help text"


def test_groups_of_verbs_say_what_they_are_for_and_show_theirs_when_called_bare(
    capsys: pytest.CaptureFixture[str],
) -> None:
    groups = {one.path for one in offers(ROOT) if one.value == VERB}
    for group in groups - {"", *VERBS, *LIGHT}:
        assert main([group]) == 2
        told = capsys.readouterr().err
        assert told.startswith("Usage: autoscaler"), group
        assert "Commands:" in told
