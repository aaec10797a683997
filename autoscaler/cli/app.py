"""The verbs, and what happens when one fails for a reason that is the user's to mend."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from autoscaler import __version__
from autoscaler.cli import (
    config,
    demo,
    dlq,
    explain,
    init,
    pause,
    plan,
    policies,
    run_service,
    send,
    tick,
    worker,
)
from autoscaler.core.errors import AutoscalerError

app = typer.Typer(
    name="autoscaler",
    help="The cheapest ECS fleet that keeps your queue's promise, down to zero.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(demo.demo)
app.command("plan")(plan.plan)
app.command("tick")(tick.tick)
app.command("run")(run_service.run_service)
app.command("explain")(explain.explain)
app.add_typer(config.app, name="config")
app.add_typer(policies.app, name="policies")
app.command("init")(init.init)
app.command("pause")(pause.pause)
app.command("resume")(pause.resume)
app.command("worker")(worker.worker)
app.command("send")(send.send)
app.add_typer(dlq.app, name="dlq")


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version.")) -> None:
    if version:
        print(__version__)
        raise typer.Exit


def run(arguments: Sequence[str]) -> int:
    """Run one command line; a user's mistake is a sentence and exit status 2."""
    command = get_command(app)
    try:
        status = command.main(list(arguments), prog_name="autoscaler", standalone_mode=False)
    except AutoscalerError as error:
        print(f"autoscaler: {error}", file=sys.stderr)
        return 2
    except TyperException as error:
        print(f"autoscaler: {_sentence(error)}", file=sys.stderr)
        return 2
    return int(status or 0)


def _sentence(error: TyperException) -> str:
    """Errors of usage tell what is wrong by a method of their own."""
    tell = getattr(error, "format_message", None)
    return f"{tell() if tell else error} (--help shows what there is)"
