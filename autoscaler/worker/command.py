"""`autoscaler worker`: settings in, exit status out."""

import os
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext

from autoscaler.worker import signals
from autoscaler.worker.assembly import Assembled, assemble
from autoscaler.worker.bench import ThreadBench
from autoscaler.worker.errors import UserError
from autoscaler.worker.health import Pulse, health
from autoscaler.worker.hook_calls import Hooks
from autoscaler.worker.journal import Journal
from autoscaler.worker.loop import Loop
from autoscaler.worker.rules import DONE, GAVE_UP, MISTAKE
from autoscaler.worker.settings import Settings, read_settings

CLOSING_SECONDS = 2.0
"""With the two seconds that settling takes, still within the five below stopTimeout."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a worker until its queues are empty; return its exit status.

    `status` as the first argument tells what became of messages instead.
    0 done; 1 given up; 2 a mistake of the user; 69 what the handler depends on is unavailable.
    `arguments` are those after the command's name; without them `sys.argv`'s.
    """
    given = sys.argv[1:] if arguments is None else arguments
    try:
        if given[:1] == ["status"]:
            from autoscaler.worker.status.command import status  # noqa: PLC0415 - another verb

            return status(given[1:], os.environ)
        return _work(read_settings(given, os.environ))
    except SystemExit as asked:  # argparse has printed the help
        return int(asked.code or 0)
    except UserError as error:
        sys.stderr.write(f"autoscaler worker: {error}\n")
        return MISTAKE


def _work(settings: Settings) -> int:
    started_at, journal = time.monotonic(), Journal()
    made = assemble(settings, journal, started_at)
    pulse, telemetry = Pulse(), made.telemetry
    with (
        health(settings.health_port, pulse, made.loop, telemetry, journal),
        telemetry.publishing(journal) if telemetry else nullcontext(),
        signals.asking(made.stop),
    ):
        _drive(made, pulse)
        made.bench.close()
        _close(made.hooks, made.bench)
        lost = made.payload.close() if made.payload else 0
    return _left(made.loop, journal, time.monotonic() - started_at, lost)


def _drive(made: Assembled, pulse: Pulse) -> None:
    while True:
        look_again_at = made.loop.turn()
        if made.loop.over:
            return
        pulse.expect(look_again_at)
        made.bench.wait(look_again_at)


def _close(hooks: Hooks, bench: ThreadBench) -> None:
    """Let the hooks write what they still hold, for two seconds at most."""
    hooks.close()
    end = bench.now() + CLOSING_SECONDS
    while not hooks.settled and bench.now() < end:
        bench.wait(end)


def _left(loop: Loop, journal: Journal, seconds: float, lost: int) -> int:
    """Write the summary and return the exit status; end at once if a handler runs on."""
    totals, leaving = loop.totals, loop.leaving
    status = (leaving.status if leaving else DONE) or (GAVE_UP if lost else DONE)
    journal(
        "left",
        reason=leaving.reason if leaving else "empty",
        done=totals.done,
        failed=totals.failed,
        given_back=totals.given_back,
        seconds=round(seconds, 3),
    )
    if lost:
        sys.stderr.write(
            f"autoscaler worker: {lost} messages of this task's payload are not done\n"
        )
    elif status and leaving:
        sys.stderr.write(f"autoscaler worker: {leaving.reason}\n")
    if loop.overran:
        os._exit(status)  # a handler that runs on may hold up the interpreter's own exit
    return status
