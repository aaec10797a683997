"""Handlers for workers that run as real processes; what they did is in the file HANDLED_FILE."""

import asyncio
import os
import time
from pathlib import Path

from autoscaler.worker import Event, Message, UnavailableError, Worker


def note(message: Message) -> None:
    """Append one line; one write of one line does not mix with another process's."""
    with Path(os.environ["HANDLED_FILE"]).open("a") as handled:
        handled.write(f"{message.body}\n")


def quick(message: Message) -> None:
    note(message)


def by_body(message: Message) -> None:
    """Work for as many seconds as the body says before its dash."""
    note(message)
    time.sleep(float(message.body.partition("-")[0]))


async def by_body_async(message: Message) -> None:
    note(message)
    await asyncio.sleep(float(message.body.partition("-")[0]))


def failing(message: Message) -> None:
    note(message)
    raise ValueError("this one never works")


def leaving(message: Message) -> None:
    note(message)
    raise SystemExit(3)


class Recorder:
    """A hook that writes the steps down and fails at one of them."""

    def __init__(self, worker: Worker) -> None:
        self.path = Path(os.environ["HANDLED_FILE"])
        self.worker = worker

    def received(self, event: Event) -> None:
        self._write("received", event)

    def started(self, event: Event) -> None:
        raise ValueError("this one never works")

    def done(self, event: Event) -> None:
        self._write("done", event)

    def failed(self, event: Event) -> None:
        self._write("failed", event)

    def given_back(self, event: Event) -> None:
        self._write("given_back", event)

    def close(self) -> None:
        self._append(f"close {self.worker.slots}")

    def _write(self, step: str, event: Event) -> None:
        self._append(f"{step} {event.message.body}")

    def _append(self, line: str) -> None:
        with self.path.open("a") as handled:
            handled.write(f"{line}\n")


def silent(_message: Message) -> None:
    """Do nothing."""


def unavailable(_message: Message) -> None:
    raise UnavailableError("the database does not answer")


def group_and_body(message: Message) -> None:
    """Note the start and the end; the body `bad-...` fails at its first try."""
    line = f"{message.group} {message.body}"
    with Path(os.environ["HANDLED_FILE"]).open("a") as handled:
        handled.write(f"start {line}\n")
        handled.flush()
        time.sleep(0.05)
        if message.body.startswith("bad") and message.receive_count == 1:
            handled.write(f"fail {line}\n")
            raise ValueError("not yet")
        handled.write(f"end {line}\n")


def by_body_waited(message: Message) -> None:
    """Work as long as the body says; note how long the message had waited, in seconds."""
    sent_at = message.sent_at.timestamp() if message.sent_at else 0.0
    with Path(os.environ["HANDLED_FILE"]).open("a") as handled:
        handled.write(f"{message.body} {time.time() - sent_at:.3f}\n")
    time.sleep(float(message.body.partition("-")[0]))
