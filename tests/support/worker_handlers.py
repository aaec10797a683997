"""Handlers for workers that run as real processes; what they did is in the file HANDLED_FILE."""

import asyncio
import os
import time
from pathlib import Path

from autoscaler.worker import Message


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
