"""The clock of this computer."""

from __future__ import annotations

import time


class SystemClock:
    """Tells the time of this computer."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()
