"""`autoscaler worker`: settings in, exit status out."""

import math
import os
import sys
import time
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

from autoscaler.worker import handlers, signals
from autoscaler.worker.bench import ThreadBench
from autoscaler.worker.errors import UserError
from autoscaler.worker.hook_calls import Hooks, load_hooks
from autoscaler.worker.hooks import Worker
from autoscaler.worker.journal import Journal
from autoscaler.worker.loop import Loop
from autoscaler.worker.rules import Rules
from autoscaler.worker.settings import Settings, read_settings

if TYPE_CHECKING:
    from autoscaler.worker.opening import Opened

CLOSING_SECONDS = 2.0
"""With the two seconds that settling takes, still within the five below stopTimeout."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a worker until its queue is empty; return 0 done, 1 given up, 2 a mistake of the user.

    `arguments` are those after the command's name; without them `sys.argv`'s.
    """
    given = sys.argv[1:] if arguments is None else arguments
    try:
        settings = read_settings(given, os.environ)
        return _work(settings)
    except SystemExit as asked:  # argparse has printed the help
        return int(asked.code or 0)
    except UserError as error:
        sys.stderr.write(f"autoscaler worker: {error}\n")
        return 2


def _work(settings: Settings) -> int:
    started_at, journal = time.monotonic(), Journal()
    about = Worker((_name(settings.queue),), settings.slots, time.time())
    mine = load_hooks(settings.hooks, about)
    function = handlers.load(settings.handler)
    opened = _open(settings)
    bench = ThreadBench(handlers.runner(function, settings.slots))
    rules = _rules(settings, opened, started_at)
    hooks = Hooks(mine, bench, journal, time.time)
    loop = Loop(rules, opened.queue, bench, journal, Random(), hooks)
    journal("started", queue=opened.url, slots=rules.slots, visibility=rules.visibility_seconds)
    with signals.asking(lambda: bench.post(loop.stop)):
        _drive(loop, bench)
        _close(hooks, bench)
    return _left(loop, journal, time.monotonic() - started_at)


def _name(queue: str) -> str:
    return queue.rpartition("/")[2]


def _open(settings: Settings) -> "Opened":
    from autoscaler.worker.opening import open_queue  # noqa: PLC0415 - boto3 takes 150 ms

    return open_queue(settings)


def _rules(settings: Settings, opened: "Opened", started_at: float) -> Rules:
    earliest = started_at + settings.minimum_stay_seconds
    if settings.stay_until_epoch is not None:
        earliest = max(earliest, time.monotonic() + settings.stay_until_epoch - time.time())
    return Rules(
        slots=settings.slots,
        visibility_seconds=opened.visibility_seconds,
        wait_seconds=settings.wait_seconds,
        not_before=earliest,
        grace_seconds=settings.grace_seconds,
        retry_cap_seconds=settings.retry_cap_seconds,
        time_limit_seconds=settings.time_limit_seconds or math.inf,
    )


def _drive(loop: Loop, bench: ThreadBench) -> None:
    while True:
        look_again_at = loop.turn()
        if loop.over:
            return
        bench.wait(look_again_at)


def _close(hooks: Hooks, bench: ThreadBench) -> None:
    """Let the hooks write what they still hold, for two seconds at most."""
    hooks.close()
    end = bench.now() + CLOSING_SECONDS
    while not hooks.settled and bench.now() < end:
        bench.wait(end)


def _left(loop: Loop, journal: Journal, seconds: float) -> int:
    """Write the summary and return the exit status; end at once if a handler runs on."""
    totals, leaving = loop.totals, loop.leaving
    status = leaving.status if leaving else 0
    journal(
        "left",
        reason=leaving.reason if leaving else "empty",
        done=totals.done,
        failed=totals.failed,
        given_back=totals.given_back,
        seconds=round(seconds, 3),
    )
    if status and leaving:
        sys.stderr.write(f"autoscaler worker: {leaving.reason}\n")
    if loop.overran:
        os._exit(status)  # a handler that runs on may hold up the interpreter's own exit
    return status
