"""`autoscaler dlq redrive`: moves dead letters back, and watches it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from autoscaler.aws.clients import Clients
from autoscaler.cli.confirm import DryRun, Yes, confirmed
from autoscaler.cli.dlq_text import move_line
from autoscaler.cli.options import Output, OutputFormat
from autoscaler.core.errors import AutoscalerError
from autoscaler.operations.dead_letters import look
from autoscaler.operations.dead_queue import DeadLetterQueue, arn_of, find
from autoscaler.operations.redrive import Move, cancel_move, start_move, watch_move


def redrive(
    queue: Annotated[
        str, typer.Argument(help="The dead-letter queue, or a queue whose messages end there.")
    ],
    rate: Annotated[
        int | None, typer.Option(min=1, max=500, help="Most messages a second; SQS chooses.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(help="Another queue; else each goes where it came from.")
    ] = None,
    wait: Annotated[bool, typer.Option(help="Watch until it is done.")] = True,
    cancel: Annotated[bool, typer.Option("--cancel", help="End a move that is under way.")] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    output: OutputFormat = Output.TEXT,
) -> int:
    """Move every dead letter back, as a new message: its age and its receives begin anew.

    Exit status 1 if the move fails, is cancelled, or you decide against it.

    Example: autoscaler dlq redrive thumbnails --rate 20
    """
    with closing(Clients()) as clients:
        dead = find(clients, queue)
        if cancel:
            return _cancel(clients, dead, output)
        plan = _plan(clients, dead, arn_of(clients, to) if to else None, rate)
        if dry_run or not plan.messages:
            plan.tell(output)
            return 0
        if not confirmed(f"{plan.sentence}: go on?", yes=yes):
            return 1
        return _move(clients, dead, plan, output, wait=wait)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a move would do; counts are approximate."""

    queue: str
    messages: int
    to: str | None
    rate: int | None
    before: Move | None

    @property
    def sentence(self) -> str:
        where = self.to.rpartition(":")[2] if self.to else "where they came from"
        rate = f" at most {self.rate} a second" if self.rate else ""
        return f"Move about {self.messages} messages of {self.queue} to {where}{rate}"

    def tell(self, output: Output) -> None:
        if output is Output.TEXT:
            print(self.sentence)
            return
        seconds = self.messages / self.rate if self.rate else None
        facts = {name: getattr(self, name) for name in ("queue", "messages", "to", "rate")}
        print(json.dumps({**facts, "seconds": seconds}))


def _plan(clients: Clients, dead: DeadLetterQueue, to: str | None, rate: int | None) -> _Plan:
    sight = look(clients, dead, time.time())
    if sight.move and sight.move.live:
        raise AutoscalerError(
            f"a move out of {dead.name} is under way ({move_line(sight.move)}); SQS runs one at a "
            f"time: wait, or end it with `autoscaler dlq redrive {dead.name} --cancel`"
        )
    return _Plan(dead.name, sight.visible, to, rate, sight.move)


def _move(
    clients: Clients, dead: DeadLetterQueue, plan: _Plan, output: Output, *, wait: bool
) -> int:
    start_move(clients, dead, plan.to, plan.rate)
    moves = watch_move(clients, dead, plan.before, time.sleep)
    try:
        last = _watched(moves) if wait else next(moves)
    except KeyboardInterrupt:
        print(f"the move goes on; {_how_to_end(dead)}", file=sys.stderr)
        return 1
    if output is Output.JSON:
        print(json.dumps({"queue": dead.name, **asdict(last)}))
    else:
        print(move_line(last))
    if last.live or not last.why:
        return 0
    print(f"autoscaler: {last.why}", file=sys.stderr)
    return 1


def _watched(moves: Iterable[Move]) -> Move:
    """The last of the moves; on a terminal a bar shows each."""
    from rich.console import Console  # noqa: PLC0415 - only a watcher needs it
    from rich.progress import Progress  # noqa: PLC0415

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("moving")
        for move in moves:
            progress.update(bar, completed=move.moved, total=move.of)
    return move


def _cancel(clients: Clients, dead: DeadLetterQueue, output: Output) -> int:
    moved = cancel_move(clients, dead)
    if output is Output.JSON:
        print(json.dumps({"queue": dead.name, "status": "CANCELLING", "moved": moved}))
    else:
        print(f"{dead.name}: the move ends; about {moved} messages were moved and stay moved")
    return 0


def _how_to_end(dead: DeadLetterQueue) -> str:
    return f"end it with `autoscaler dlq redrive {dead.name} --cancel`"
