"""Tab in a real bash, zsh and fish: what is offered for a line, and what is typed for one."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.processes import wait_for
from support.programs import program

CONFIGURATION = """
queues:
  thumbnails: {queue: ecsdemo-queue-proc}
  films: {queue: "arn:aws:sqs:eu-west-2:123456789012:films-in"}
fleets: {workers: {}}
"""
SHELLS = ("bash", "zsh", "fish")
BARE = {
    "bash": ["--norc", "--noprofile", "--noediting"],
    "zsh": ["-f"],
    "fish": ["--no-config"],
}
INTERACTIVE = {
    "bash": ["--norc", "--noprofile", "-i"],
    "zsh": ["-f", "-i"],
    "fish": ["--no-config", "-i"],
}
LOAD = {
    "bash": "source {script}",
    "zsh": "bindkey -e; autoload -Uz compinit; compinit -u -D; source {script}",
    "fish": "source {script}",
}


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the script for each shell, and a configuration to take names from."""
    folder = tmp_path_factory.mktemp("completion")
    (folder / "autoscaler.yaml").write_text(CONFIGURATION)
    for shell in SHELLS:
        printed = subprocess.run(
            [sys.executable, "-m", "autoscaler", "completion", shell],
            capture_output=True,
            text=True,
            check=True,
        )
        (folder / f"script.{shell}").write_text(printed.stdout)
    return folder


def surroundings(folder: Path) -> dict[str, str]:
    """The command on the PATH, and no settings of whoever runs the tests."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(folder), "TERM": "dumb", "LC_ALL": "C.UTF-8"}


ASKED = {
    "bash": """source script.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        _autoscaler; printf '%s\\n' "${COMPREPLY[@]}" """,
    "fish": "source script.fish; complete --do-complete=(string join ' ' -- $argv)",
}


def offered(shell: str, folder: Path, *words: str) -> set[str]:
    """What the shell itself says it would offer for these words, the last one unfinished."""
    asked = {"bash": ["-c", ASKED["bash"], "bash"], "fish": ["-c", ASKED["fish"]]}[shell]
    told = subprocess.run(
        [program(shell, package=shell), *BARE[shell], *asked, *words],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        env=surroundings(folder),
    )
    assert told.stderr == ""
    return {line.split("\t")[0] for line in told.stdout.splitlines() if line}


CASES = [
    (["p"], {"plan", "pause", "policies", "package"}),
    (["dlq", "re"], {"redrive"}),
    (["mode", ""], {"show", "direct", "queued", "follow", "season"}),
    (["--"], {"--version", "--help"}),
    (["pause", "--"], {"--until", "--for", "--config", "--help"}),
    (["iam", "--runs-on", ""], {"ecs", "pod-identity", "irsa"}),
    (["-c", "plan", "--output", "j"], {"json"}),
    (["pause", ""], {"thumbnails", "films"}),
    (["plan", "--queue", "t"], {"thumbnails"}),
    (["plan", "--fleet", ""], {"workers"}),
    (["dlq", "peek", ""], {"ecsdemo-queue-proc", "films-in"}),
    (["plan", "--config", "other.yaml", "--queue", ""], set()),
    (["plan", "--config", "auto"], {"autoscaler.yaml"}),
    (["worker", "st"], {"status"}),
    (["worker", "--forever", "--slo"], {"--slots"}),
    (["worker", "status", "--state", "f"], {"failed"}),
    (["send", "--js"], {"--jsonl"}),
    (["pause", "thumbnails", ""], set()),
]


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_what_may_follow_is_offered_and_nothing_else(shell: str, scripts: Path) -> None:
    found = {" ".join(line): offered(shell, scripts, "autoscaler", *line) for line, _ in CASES}
    assert found == {" ".join(line): wanted for line, wanted in CASES}


@contextmanager
def terminal(shell: str, folder: Path) -> Iterator[int]:
    """An interactive shell with the script loaded, as somebody at a terminal has it."""
    path = program(shell, package=shell)
    end, theirs = pty.openpty()
    process = subprocess.Popen(
        [program("setsid", package="util-linux"), "--ctty", "--wait", path, *INTERACTIVE[shell]],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env=surroundings(folder),
    )
    os.close(theirs)
    try:
        write(end, LOAD[shell].format(script=f"script.{shell}") + f"; echo lo''aded {shell}\n")
        read_until(end, f"loaded {shell}")
        yield end
    finally:
        os.close(end)
        process.wait(30)


def write(end: int, text: str) -> None:
    os.write(end, text.encode())


def read_until(end: int, wanted: str) -> str:
    """Everything that is shown until this is."""
    shown = ""

    def there() -> bool:
        nonlocal shown
        while select.select([end], [], [], 0)[0]:
            shown += os.read(end, 65536).decode(errors="replace")
        return wanted in shown

    try:
        wait_for(there, f"{wanted!r} on the terminal")
    except AssertionError as error:
        raise AssertionError(f"{error}; it shows {shown!r}") from error
    return shown


@pytest.mark.parametrize("shell", SHELLS)
def test_tab_types_the_rest_of_a_verb_an_option_and_a_queue(shell: str, scripts: Path) -> None:
    with terminal(shell, scripts) as end:
        write(end, "autoscaler comple\tf\t\x01echo now \x05; : \n")
        read_until(end, "now autoscaler completion fish")
        write(end, "autoscaler plan --que\tthu\t\x01echo now \x05; : \n")
        read_until(end, "now autoscaler plan --queue thumbnails")
