"""What a task of a replay does with a message: it waits for as long as the trace says it works."""

from __future__ import annotations

import json
import sys
import time

from autoscaler.worker.message import Message


def handle(message: Message) -> None:
    """Work; the line, with when it began, goes to the task's own log in one write."""
    began = time.time()
    told = message.json()
    time.sleep(told["work"])
    line = json.dumps({"event": "handled", "number": told["number"], "began": began})
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
