"""`autoscaler demo`: the main job on an AWS that runs on this computer."""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from autoscaler.cli.options import Output, OutputFormat
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.units import parse_duration

if TYPE_CHECKING:
    from autoscaler.demo.verdict import Summary


def demo(
    messages: Annotated[int, typer.Option(min=0, help="Pictures to upload.")] = 300,
    seed: Annotated[int, typer.Option(help="Of the pictures.")] = 1,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave it up and print exports for other clients.")
    ] = False,
    policy: Annotated[
        str, typer.Option(help="Built-in policy to decide by, set for a world this quick.")
    ] = "depth",
    interrupt: Annotated[
        int, typer.Option(min=0, help="Spot tasks to take back in the middle of the work.")
    ] = 0,
    promise: Annotated[
        str | None, typer.Option(help="Longest wait of a picture, with --policy deadline.")
    ] = None,
    output: OutputFormat = Output.TEXT,
) -> int:
    """Upload pictures, watch tasks make thumbnails until the queue is empty, check the result.

    Needs no AWS account and no Docker. Exit status 1 if anything is missing at the end. With
    `--policy cost_window` a window pauses launches in the middle, and it is checked that it did.

    Example: autoscaler demo --messages 300 --policy backlog
    """
    try:
        from autoscaler.demo.run import Options, play  # noqa: PLC0415 - moto and Pillow are an extra
        from autoscaler.demo.view import view_for  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"the demo needs {error.name}: pip install 'queue-autoscaler[cli,local]'"
        ) from error
    signal.signal(signal.SIGTERM, _as_ctrl_c)  # so that everything it started is taken down
    show = _print_json if output is Output.JSON else _print_for_people
    wait = _seconds(promise)
    summary = play(Options(messages, seed, keep, policy, interrupt, wait), view_for(), show)
    problems = summary.problems(messages)
    for problem in problems:
        print(f"autoscaler: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _seconds(promise: str | None) -> float | None:
    try:
        return None if promise is None else parse_duration(promise)
    except ValueError as error:
        raise ConfigurationError(f"--promise: {error}") from error


def _as_ctrl_c(*_: object) -> None:
    raise KeyboardInterrupt


def _print_json(summary: Summary) -> None:
    told = asdict(summary)
    for extra in ("pause", "interruptions", "promise"):
        if told[extra] is None:
            del told[extra]
    print(json.dumps(told, indent=2), flush=True)


def _print_for_people(summary: Summary) -> None:
    providers = ", ".join(f"{count} on {name}" for name, count in summary.tasks_by_provider.items())
    print(f"pictures   {summary.messages_sent} sent, {summary.messages_done} thumbnails made")
    print(
        f"tasks      {summary.tasks_launched} launched ({providers}), {summary.peak_tasks} at most"
    )
    print(
        f"left       {summary.left_visible} visible, {summary.left_in_flight} in flight, "
        f"{summary.tasks_left} tasks"
    )
    print(f"time       {summary.seconds:.0f} s")
    print(
        f"bill       {summary.billed_task_seconds} task-seconds, about "
        f"${summary.cost_estimate_usd:.4f} on AWS"
    )
    print(f"duplicates {summary.duplicates}")
    if summary.pause is not None:
        print(f"pause      {summary.pause.told()}")
    if summary.interruptions is not None:
        print(f"taken back {summary.interruptions.told()}")
    if summary.promise is not None:
        print(f"promise    {summary.promise.told()}")
