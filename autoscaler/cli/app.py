"""The verbs, and what happens when one fails for a reason that is the user's to mend."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from autoscaler import __version__
from autoscaler.core.errors import AutoscalerError

VERBS = {
    "demo": "demo:demo",
    "plan": "plan:plan",
    "tick": "tick:tick",
    "run": "run_service:run_service",
    "dispatch": "dispatch:dispatch",
    "explain": "explain:explain",
    "replay": "replay:replay",
    "shadow": "shadow:app",
    "config": "config:app",
    "policies": "policies:app",
    "init": "init:init",
    "doctor": "doctor:doctor",
    "pause": "pause:pause",
    "resume": "pause:resume",
    "worker": "worker:worker",
    "send": "send:send",
    "dlq": "dlq:app",
    "mode": "mode:app",
    "iam": "iam:iam",
    "trace": "trace:app",
    "simulate": "simulate:simulate",
    "compare": "compare:compare",
    "tune": "tune:tune",
    "package": "package:app",
    "completion": "completion:completion",
}
"""By name, in the order of `--help`, where each one is: its module here and its function."""

STATUSES = (
    "Exit status: 0 done, 1 a negative answer or failed work, 2 wrong usage or configuration."
)
"""Ends the help of every verb."""

INTERRUPTED = 130
"""Exit status of what Ctrl-C ended: 128 and the number of SIGINT, as shells have it."""


def app(*verbs: str) -> typer.Typer:
    """The command with these verbs only: one is found in half the time it takes to load all."""
    made = typer.Typer(
        name="autoscaler",
        help="The cheapest ECS fleet that keeps your queue's promise, down to zero.",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    made.callback(invoke_without_command=True)(_root)
    for verb in verbs:
        module, _, name = VERBS[verb].partition(":")
        found = getattr(import_module(f"autoscaler.cli.{module}"), name)
        if isinstance(found, typer.Typer):
            made.add_typer(found, name=verb)
        else:
            made.command(verb)(found)
    return made


def command_of(verbs: Iterable[str]) -> Any:
    """The same as typer makes it, ready to run; every verb's help ends with the exit statuses."""
    made = get_command(app(*verbs))
    _end_with_statuses(made)
    return made


def _end_with_statuses(command: Any) -> None:
    command.epilog = STATUSES
    for inner in getattr(command, "commands", {}).values():
        _end_with_statuses(inner)


def _root(version: bool = typer.Option(False, "--version", help="Print the version.")) -> None:
    if version:
        print(__version__)
        raise typer.Exit


def run(arguments: Sequence[str]) -> int:
    """Run one command line; a user's mistake is a sentence and exit status 2."""
    command = command_of(_needed(arguments[:1]))
    try:
        status = command.main(
            list(arguments) or ["--help"], prog_name="autoscaler", standalone_mode=False
        )
    except AutoscalerError as error:
        print(f"autoscaler: {error}", file=sys.stderr)
        return 2
    except typer.Abort:
        return INTERRUPTED
    except TyperException as error:
        print(_told(error), file=sys.stderr)
        return 2
    return int(status or 0)


def _needed(first: Sequence[str]) -> Iterable[str]:
    """The verbs that a line with this first word needs: all of them where it is none of them."""
    if list(first) == ["--version"]:
        return ()
    return first if VERBS.keys() >= set(first) and first else VERBS


def _told(error: TyperException) -> str:
    """Errors of usage tell what is wrong by a method of their own; it is help for a bare group."""
    tell = getattr(error, "format_message", None)
    told = str(tell() if tell else error)
    if told.startswith("Usage:"):
        return told
    return f"autoscaler: {told} (--help shows what there is)"
