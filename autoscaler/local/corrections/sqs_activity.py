"""When a queue was last used, which decides whether AWS publishes its metrics; moto keeps no note.

AWS: a queue is active for up to six hours after any action that accesses it, or while it holds
messages.
"""

from __future__ import annotations

import time
from typing import Any

from moto.sqs.models import SQSBackend

ACTIVE_FOR = 6 * 3600.0  # seconds


def apply() -> None:
    """Correct moto."""
    find = SQSBackend.get_queue

    def get_queue(backend: Any, queue_name: str) -> Any:
        queue = find(backend, queue_name)
        queue.last_used = time.time()
        return queue

    SQSBackend.get_queue = get_queue
