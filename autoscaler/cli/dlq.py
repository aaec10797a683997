"""`autoscaler dlq`: what became of messages that failed too often."""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer

from autoscaler.aws.clients import Clients
from autoscaler.cli.confirm import DryRun, Yes, confirmed
from autoscaler.cli.dlq_text import print_letters, print_sight
from autoscaler.cli.options import Output, OutputFormat
from autoscaler.cli.redrive import redrive
from autoscaler.operations import dead_letters
from autoscaler.operations.dead_queue import find

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Look at dead letters, put them back, or throw them away.",
)

Queue = Annotated[
    str, typer.Argument(help="The dead-letter queue, or a queue whose messages end there.")
]
Count = Annotated[int, typer.Option(min=1, max=dead_letters.MOST_PEEKED, help="Most to show.")]


@app.command("show")
def show(queue: Queue, output: OutputFormat = Output.TEXT) -> int:
    """Tell how many messages there are, how old the oldest is, and of the last move.

    Example: autoscaler dlq show thumbnails
    """
    with closing(Clients()) as clients:
        sight = dead_letters.look(clients, find(clients, queue), time.time())
    if output is Output.JSON:
        print(json.dumps(asdict(sight), indent=2))
    else:
        print_sight(sight)
    return 0


@app.command("peek")
def peek(queue: Queue, count: Count = 10, output: OutputFormat = Output.TEXT) -> int:
    """Show some messages, with how often each was received. SQS counts this as a receive, too.

    Example: autoscaler dlq peek thumbnails --count 3
    """
    with closing(Clients()) as clients:
        dead = find(clients, queue)
        print(
            f"autoscaler: peeking receives: each message of {dead.name} that is shown counts one "
            "receive more, is hidden from others meanwhile, and is left out of CloudWatch's age "
            "from the third receive on",
            file=sys.stderr,
        )
        letters = dead_letters.peek(clients, dead, count)
    if output is Output.JSON:
        print(json.dumps([asdict(letter) for letter in letters], indent=2))
    else:
        print_letters(letters)
    return 0


app.command("redrive")(redrive)


@app.command("purge")
def purge(
    queue: Queue, dry_run: DryRun = False, yes: Yes = False, output: OutputFormat = Output.TEXT
) -> int:
    """Delete every dead letter for good. Exit status 1 if you decide against it.

    Example: autoscaler dlq purge thumbnails --dry-run
    """
    with closing(Clients()) as clients:
        sight = dead_letters.look(clients, find(clients, queue), time.time())
        name, count = sight.queue.name, sight.visible + sight.in_flight
        purging = bool(count) and not dry_run
        if purging:
            if not confirmed(f"Delete about {count} messages of {name} for good?", yes=yes):
                return 1
            dead_letters.purge(clients, sight.queue)
    if output is Output.JSON:
        print(json.dumps({"queue": name, "messages": count, "purged": purging}))
    else:
        done = "deleted" if purging else "would be deleted" if count else "to delete"
        print(f"{name}: about {count} messages {done}")
    return 0
