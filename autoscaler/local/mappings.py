"""The states of a Lambda event source mapping, which changes them in its own time.

AWS: "during updates, it may take up to 90 seconds to stop and restart polling"; while it changes, a
mapping refuses further changes (API reference, UpdateEventSourceMapping).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Toggling:
    """How long a mapping takes to change its state, in seconds."""

    seconds: float = 5.0


TOGGLING = Toggling()
"""What is in force in this process; the server sets it before it answers."""


@dataclass(frozen=True, slots=True)
class MappingState:
    """A mapping that is on or off, and since when; before that it is `on_the_way`."""

    enabled: bool
    on_the_way: str
    settles_at: float

    def at(self, now: float) -> str:
        """Return the state in AWS's word."""
        if now < self.settles_at:
            return self.on_the_way
        return "Enabled" if self.enabled else "Disabled"

    def changes(self, now: float) -> bool:
        """Whether it is on the way, and refuses further changes."""
        return now < self.settles_at

    def updated(self, now: float, *, enabled: bool) -> MappingState:
        """Return the state after an update now."""
        word = "Updating" if enabled == self.enabled else "Enabling" if enabled else "Disabling"
        return MappingState(enabled, word, now + TOGGLING.seconds)


def created(now: float, *, enabled: bool) -> MappingState:
    """Return the state of a new mapping."""
    return MappingState(enabled, "Creating", now + TOGGLING.seconds)
