"""What dispatched tasks of the tests do with their messages."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from autoscaler.worker import Message


def keep(message: Message) -> None:
    """Keep the message as a file; a body that begins with `fail` fails after that."""
    told = {
        "body": message.body,
        "attributes": {
            name: value if isinstance(value, str) else value.hex()
            for name, value in message.attributes.items()
        },
        "receives": message.receive_count,
    }
    path = Path(os.environ["HANDLED"], f"{message.id}-{message.receive_count}.json")
    path.with_suffix(".part").write_text(json.dumps(told))
    path.with_suffix(".part").rename(path)
    if message.body.startswith("wait"):
        time.sleep(float(message.body.split()[1]))
    if message.body.startswith("fail") and message.receive_count == 1:
        raise ValueError("this one does not work")
