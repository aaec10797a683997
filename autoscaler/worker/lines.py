"""FIFO: of a message group one message at a time, the others in hand wait in line. Pure."""

from collections import deque
from dataclasses import dataclass, field

from autoscaler.worker.held import Held

Group = tuple[str, str]
"""A queue's name and a message group's."""


@dataclass(slots=True)
class Lines:
    """Who waits behind whom; a group with a line has a message that is being handled."""

    _lines: dict[Group, deque[Held]] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(len(line) for line in self._lines.values())

    def count(self, queue: str) -> int:
        """Return how many messages of a queue wait."""
        return sum(len(line) for (name, _), line in self._lines.items() if name == queue)

    def held(self) -> list[Held]:
        """Return all that wait, each group in its order."""
        return [held for line in self._lines.values() for held in line]

    def join(self, held: Held) -> bool:
        """Tell whether a message may start; where it may not, it waits in its group's line."""
        group = _group(held)
        if group is None:
            return True
        if group in self._lines:
            self._lines[group].append(held)
            return False
        self._lines[group] = deque()
        return True

    def advance(self, held: Held) -> Held | None:
        """Return who starts now that this one succeeded, if anyone waits behind it."""
        group = _group(held)
        line = self._lines.get(group) if group else None
        if line:
            return line.popleft()
        if group:
            self._lines.pop(group, None)
        return None

    def dissolve(self, held: Held) -> list[Held]:
        """Return who waited behind this one, in order: it failed, and none may overtake it."""
        group = _group(held)
        return list(self._lines.pop(group, ())) if group else []

    def dissolve_all(self) -> list[Held]:
        """Return all that wait: the worker leaves. Those being handled go on."""
        waiting = self.held()
        for line in self._lines.values():
            line.clear()
        return waiting


def _group(held: Held) -> Group | None:
    group = held.message.group if held.source.rules.ordered else None
    return None if group is None else (held.source.name, group)
