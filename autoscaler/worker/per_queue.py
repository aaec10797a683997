"""One option's value for every queue, and for single ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from autoscaler.worker.errors import UserError


@dataclass(frozen=True, slots=True)
class PerQueue:
    """What `5m,image=10m` says. `flag` is for the message when a queue is unknown."""

    flag: str
    for_all: object
    by_queue: Mapping[str, object] = field(default_factory=dict)

    def of(self, name: str, known: Sequence[str]) -> object:
        """Return a queue's own value or that for all; raises UserError on unknown queues."""
        for stranger in self.by_queue.keys() - set(known):
            raise UserError(
                f"--{self.flag} names the queue {stranger!r}, and --queue only {', '.join(known)}"
            )
        return self.by_queue.get(name, self.for_all)


def read_per_queue(
    flag: str, texts: Sequence[str], default: str | None, read: Callable[[str], object]
) -> PerQueue:
    """Read every part; a part without a queue's name counts for all. Raises ValueError."""
    for_all = None if default is None else read(default)
    by_queue: dict[str, object] = {}
    for part in (part.strip() for text in texts for part in text.split(",")):
        name, equals, value = part.partition("=")
        if equals:
            by_queue[name.strip()] = read(value.strip())
        elif part:
            for_all = read(part)
    return PerQueue(flag, for_all, by_queue)
