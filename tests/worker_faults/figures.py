"""What a run came to, and whether that is as promised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Ends = Mapping[tuple[int, str], float]
"""When a worker, by its process id, gave a message up, by the message's id, or ended: ""."""


@dataclass(frozen=True)
class Step:
    """One line of the handlers: `start`, `done` or `fail`."""

    at: float
    step: str
    body: str
    id: str
    pid: int
    receive: int


@dataclass(frozen=True)
class Figures:
    seed: int
    messages: int
    done: int
    lost: int
    dead: int
    poison: int
    innocent_dead: int
    handlings: int
    repeated_after_success: int
    overlapping: int
    most_receives: int
    max_receives: int
    terminated: int
    killed: int
    workers_started: int
    left_in_queue: int
    seconds: float

    def problems(self) -> list[str]:
        """What is not as promised, in sentences."""
        found = [
            (self.lost, f"{self.lost} messages are gone that no handler finished"),
            (self.overlapping, f"{self.overlapping} messages were handled twice at a time"),
            (self.left_in_queue, f"{self.left_in_queue} messages are still in the queue"),
            (self.poison - self.dead + self.innocent_dead, "the dead letters are not the poison"),
            (
                self.most_receives != self.max_receives,
                f"a message was received {self.most_receives} times, not {self.max_receives}",
            ),
        ]
        return [sentence for count, sentence in found if count]


def read_steps(lines: Iterable[str]) -> list[Step]:
    """Read the handlers' file, in the order of time."""
    parts = (line.split() for line in lines)
    steps = [
        Step(float(at), step, body, message, int(pid), int(receive))
        for at, step, body, message, pid, receive in parts
    ]
    return sorted(steps, key=lambda each: each.at)


def done(steps: Sequence[Step]) -> set[str]:
    """The messages whose handler succeeded."""
    return {each.body for each in steps if each.step == "done"}


def overlapping(steps: Sequence[Step], ends: Ends) -> list[str]:
    """Messages that began while an earlier handling of theirs went on in a worker that lived."""
    return [
        earlier.body
        for earlier, later in _begun_again(steps)
        if _until(earlier, steps, ends) > later.at
    ]


def repeated(steps: Sequence[Step]) -> int:
    """How many handlings began though the message was done: its deletion never arrived."""
    done_at = {each.body: each.at for each in reversed(steps) if each.step == "done"}
    return sum(
        each.step == "start" and each.at > done_at.get(each.body, float("inf")) for each in steps
    )


def _begun_again(steps: Sequence[Step]) -> Iterator[tuple[Step, Step]]:
    starts: dict[str, list[Step]] = defaultdict(list)
    for each in steps:
        if each.step == "start":
            starts[each.body].append(each)
    for times in starts.values():
        yield from pairwise(times)


def _until(start: Step, steps: Sequence[Step], ends: Ends) -> float:
    """When a handling ended: by itself, given up by its worker, or with it."""
    own = (
        each.at
        for each in steps
        if (each.body, each.pid, each.receive) == (start.body, start.pid, start.receive)
        and each.step != "start"
    )
    never = float("inf")
    given_up = ends.get((start.pid, start.id), never)
    return min(next(own, never), given_up, ends.get((start.pid, ""), never))
