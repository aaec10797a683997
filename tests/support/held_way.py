"""A way to AWS on which the caller is held up, for a test that kills it there."""

from __future__ import annotations

import re
import threading

from support.way import Answer, Call

READS = re.compile(r"(Describe|List|Get|BatchGet|Query|Scan|GET)")
"""Whatever else there is changes something: no list of writes could forget one."""
GONE_WITHIN = 60.0
"""Seconds for the caller to be killed."""


class HeldWay:
    """Holds back the answer to the first write, which is carried out, or to a look before it."""

    def __init__(self) -> None:
        self.at: str | None = None
        """The operation at which the caller is held up; None: it is not."""
        self._gone = threading.Event()
        self._lock = threading.Lock()
        self._looks_left: float = 0.0

    def hold(self, after_looks: float) -> None:
        """Hold up the next caller at its first write, or as many looks at the service later."""
        self._looks_left = after_looks
        self.at = None
        self._gone.clear()

    def let_go(self) -> None:
        """The caller is no more, or nobody is held up from here on."""
        self._gone.set()

    def meet(self, call: Call) -> Answer | None:
        answer = call.carried_out()
        if not self._ends_here(call.operation):
            return answer
        self.at = call.operation
        self._gone.wait(GONE_WITHIN)
        return None

    def _ends_here(self, operation: str) -> bool:
        with self._lock:
            self._looks_left -= operation == "DescribeServices"
            return self._looks_left < 0 or READS.match(operation) is None
