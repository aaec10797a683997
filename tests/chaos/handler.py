"""What the tasks of a chaos run do with a message: a little waiting, and a line that says so."""

from __future__ import annotations

import json
import sys
import time
import zlib

from autoscaler.worker.message import Message


def handle(message: Message) -> None:
    """Wait 50 to 150 ms; the line goes to the task's own log, in one write."""
    time.sleep(0.05 + zlib.crc32(message.id.encode()) % 100 / 1000)
    line = json.dumps({"event": "handled", "message_id": message.id, "time": time.time()})
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
