"""A way to AWS on which replies get lost: the request takes effect and no answer comes back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from support.way import Answer, Call, way


class LossyWay:
    """Passes requests on, and loses the replies to the next few of one operation."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._operation = ""
        self._left = 0
        self.lost = 0

    def lose(self, operation: str, replies: int) -> None:
        self._operation, self._left = operation, replies

    def meet(self, call: Call) -> Answer | None:
        answer = call.carried_out()
        return None if self._loses(call.operation) else answer

    def _loses(self, operation: str) -> bool:
        with self._lock:
            if self._left == 0 or operation != self._operation:
                return False
            self._left -= 1
            self.lost += 1
            return True


@contextmanager
def lossy_way(endpoint_url: str) -> Iterator[tuple[str, LossyWay]]:
    """Open such a way; gives its own address and the handle that has it lose replies."""
    lossy = LossyWay()
    with way(endpoint_url, lossy.meet) as address:
        yield address, lossy
