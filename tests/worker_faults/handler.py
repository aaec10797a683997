"""A handler that works, fails, hangs or takes its worker down, as the message's body says."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from autoscaler.worker.message import Message

SLOW_SECONDS = 5.0
"""Two and a half times the queue's visibility: without a heartbeat it would be handled twice."""


def handle(message: Message) -> None:
    """Do what the body says; every step is a line in one file of all workers."""
    kind, first = message.body.partition("-")[0], message.receive_count == 1
    _note("start", message)
    if kind == "slow":
        time.sleep(SLOW_SECONDS)
    elif kind == "hanging" and first:
        time.sleep(3600)
    elif kind == "crashing" and first:
        os.kill(os.getpid(), signal.SIGKILL)
    else:
        time.sleep(0.01)
    if kind == "poison" or (kind == "failing" and first):
        _note("fail", message)
        raise ValueError("as the message wants it")
    _note("done", message)


def _note(step: str, message: Message) -> None:
    facts = (f"{time.time():.6f}", step, message.body, message.id, os.getpid())
    line = " ".join(map(str, (*facts, message.receive_count)))
    with Path(os.environ["HANDLED_FILE"]).open("ab", buffering=0) as file:
        file.write(f"{line}\n".encode())
