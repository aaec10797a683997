"""How many messages wait in the dead-letter queues of the queues that are looked at."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future
from dataclasses import dataclass

from autoscaler.aws.clients import Clients, Place


@dataclass(frozen=True, slots=True)
class Target:
    """A dead-letter queue; several queues may have the same one."""

    place: Place
    url: str


def target_of(policy: str | None, source_url: str, place: Place) -> Target | None:
    """The dead-letter queue a RedrivePolicy names; None: it names none.

    It is in its source's account and region [SQS dead-letter queues], so that its URL is the
    source's with another name, and need not be asked for.
    """
    try:
        arn = str(json.loads(policy or "{}").get("deadLetterTargetArn") or "")
    except (ValueError, AttributeError):
        return None
    start, _, _ = source_url.rstrip("/").rpartition("/")
    return Target(place, f"{start}/{arn.rpartition(':')[2]}") if arn else None


class DeadLetters:
    """Reads the dead-letter queues that were found, beside everything else.

    A newly found one is read from the next look on, so that no look waits for two calls in a
    row. One that was empty is left alone while its queue is quiet: messages move there when
    they are received once too often, and nobody has any in hand.
    """

    def __init__(self, clients: Clients, count: Callable[[Target], int | None]) -> None:
        self._clients = clients
        self._count = count
        self._targets: dict[str, Target] = {}
        self._counts: dict[Target, int | None] = {}

    def found(self, queue: str, target: Target | None) -> None:
        """Note a queue's dead-letter queue, as its policy just told."""
        if target is None:
            self._targets.pop(queue, None)
        else:
            self._targets[queue] = target

    def begin(self, queues: Iterable[str], quiet: Collection[str]) -> list[Future[None]]:
        """Start to read those of these queues that are due; each once, whoever shares it."""
        due = {
            target
            for queue in queues
            if (target := self._targets.get(queue))
            and not (queue in quiet and self._counts.get(target) == 0)
        }
        return self._clients.parallel.begin(self._read, due)

    def _read(self, target: Target) -> None:
        self._counts[target] = self._count(target)

    def of(self, queue: str) -> int | None:
        """Messages visible in a queue's dead-letter queue; None: unknown, or there is none."""
        target = self._targets.get(queue)
        return self._counts.get(target) if target else None
