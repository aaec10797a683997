"""Conditional writes of DynamoDB are atomic; in moto two threads may both find a condition true.

Its server answers each request on a thread of its own, and checks and writes in two steps. A
reader could also meet an item half updated. So each request about items is answered alone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.dynamodb.responses import DynamoHandler

_OPERATIONS = (
    "batch_get_item",
    "batch_write_item",
    "delete_item",
    "execute_transaction",
    "get_item",
    "put_item",
    "query",
    "scan",
    "transact_get_items",
    "transact_write_items",
    "update_item",
)


def apply() -> None:
    """Correct moto."""
    lock = threading.RLock()
    for name in _OPERATIONS:
        setattr(DynamoHandler, name, _alone(getattr(DynamoHandler, name), lock))


def _alone(answer: Callable[..., Any], lock: threading.RLock) -> Callable[..., Any]:
    @wraps(answer)
    def answer_alone(*given: Any, **named: Any) -> Any:
        with lock:
            return answer(*given, **named)

    return answer_alone
