"""`autoscaler dispatch`: a task for each group of messages."""

from __future__ import annotations

import signal
import threading
from contextlib import closing
from typing import Annotated

import typer

from autoscaler.aws.check import problems
from autoscaler.aws.clients import Clients
from autoscaler.aws.clock import SystemClock
from autoscaler.cli.options import ConfigFiles, settings_from
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import Settings
from autoscaler.runtime.dispatch_loop import Loop
from autoscaler.runtime.dispatching import Dispatcher
from autoscaler.runtime.pace import AccountPace
from autoscaler.telemetry import stdout

_ONCE = typer.Option("--once", help="Dispatch what is in the queues now, one batch each, and end.")

ONCE_SECONDS = 2
"""To wait for a first message then; a receive that does not wait may miss some [SQS]."""


def dispatch(
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    once: Annotated[bool, _ONCE] = False,
) -> int:
    """Start a task for each message, or group of them, that carries it in its environment.

    For the queues whose fleet says launch: per_message; until SIGTERM or Ctrl-C. One line of JSON
    tells what became of each group.

    Example: autoscaler dispatch --config autoscaler.yaml
    """
    settings = settings_from(config)
    if not settings.dispatched():
        raise ConfigurationError(
            "no queue has a fleet with launch: per_message; `autoscaler run` serves the others"
        )
    with closing(Clients()) as clients:
        found = problems(settings, clients)
        if found:
            raise ConfigurationError("\n".join(found))
        loops = _loops(settings, clients)
        stop = threading.Event()
        if once:
            for loop in loops:
                loop.round(ONCE_SECONDS, stop)
            return 0
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        _run(loops, stop)
    return 0


def _loops(settings: Settings, clients: Clients) -> list[Loop]:
    pace, clock = AccountPace(settings), SystemClock()
    names = settings.dispatched()
    return [Loop(Dispatcher(settings, clients, name, pace, clock)) for name in names]


def _run(loops: list[Loop], stop: threading.Event) -> None:
    threads = [threading.Thread(target=loop.run, args=(stop,)) for loop in loops]
    for thread in threads:
        thread.start()
    stdout.say("dispatching", queues=len(threads))
    for thread in threads:
        thread.join()
    stdout.say("stopped")
