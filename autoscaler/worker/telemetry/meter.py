"""Counts what becomes of messages and how long slots are busy. Pure: a passed clock."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Figures:
    """One queue's sums so far.

    `busy_seconds` are slot-seconds: two slots busy for a second are two. A wait is the seconds
    from a message's sending to its first start, what a promise is about; single ones are kept
    in `waits` for whoever empties it.
    """

    received: int = 0
    done: int = 0
    failed: int = 0
    given_back: int = 0
    busy_seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    waits_count: int = 0
    waits_seconds: float = 0.0


@dataclass(slots=True)
class Meter:
    """One queue's figures, with what its slots are busy with. Not for two threads at once."""

    keep_waits: bool = False
    figures: Figures = field(default_factory=Figures)
    _busy_since: dict[str, float] = field(default_factory=dict)

    def received(self) -> None:
        """Count a message that SQS handed out."""
        self.figures.received += 1

    def started(self, receipt: str, at: float, waited: float | None) -> None:
        """Note that a slot is busy with it; `waited` None where it was not its first start."""
        self._busy_since[receipt] = at
        if waited is not None:
            if self.keep_waits:
                self.figures.waits.append(waited)
            self.figures.waits_count += 1
            self.figures.waits_seconds += waited

    def done(self, receipt: str, at: float) -> None:
        """Count a success."""
        self.figures.done += 1
        self._idle(receipt, at)

    def failed(self, receipt: str, at: float) -> None:
        """Count a failure."""
        self.figures.failed += 1
        self._idle(receipt, at)

    def given_back(self, receipt: str, at: float) -> None:
        """Count a message that others get."""
        self.figures.given_back += 1
        self._idle(receipt, at)

    def settle(self, now: float) -> None:
        """Take in what slots have been busy with up to now, and go on counting from there."""
        for receipt, since in self._busy_since.items():
            self.figures.busy_seconds += max(0.0, now - since)
            self._busy_since[receipt] = max(since, now)

    def _idle(self, receipt: str, at: float) -> None:
        """Clocks of computers are set back at times; a busy time is never below zero."""
        since = self._busy_since.pop(receipt, None)
        if since is not None:
            self.figures.busy_seconds += max(0.0, at - since)
