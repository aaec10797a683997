"""Dead letters as text for people."""

from __future__ import annotations

from collections.abc import Sequence

from autoscaler.core.units import format_duration
from autoscaler.operations.dead_letters import DeadLetter, Sight
from autoscaler.operations.redrive import Move

BODY_SHOWN = 200
"""Characters of a body; `-o json` has all of it."""


def print_sight(sight: Sight) -> None:
    """Print how a dead-letter queue stands, a line a fact."""
    age = "unknown" if sight.oldest_age is None else f"{format_duration(sight.oldest_age)} here"
    print(f"queue     {sight.queue.name}")
    print(f"of        {', '.join(sight.queue.sources)}")
    print(f"messages  {sight.visible} visible, {sight.in_flight} in flight")
    print(f"oldest    {age if sight.visible + sight.in_flight else 'none'}")
    print(f"kept for  {format_duration(sight.retention)} from when a message was first sent")
    print(f"last move {move_line(sight.move) if sight.move else 'none'}")


def move_line(move: Move) -> str:
    """One move in a line."""
    of = "" if move.of is None else f" of about {move.of}"
    where = move.to.rpartition(":")[2] if move.to else "where they came from"
    rate = f", at most {move.rate}/s" if move.rate else ""
    why = f" ({move.failure})" if move.failure else ""
    return f"{move.status.lower()}: {move.moved}{of} messages to {where}{rate}{why}"


def print_letters(letters: Sequence[DeadLetter]) -> None:
    """Print a sample, two lines a message."""
    for letter in letters:
        origin = f" from {letter.source}" if letter.source else ""
        group = f" group {letter.group}" if letter.group else ""
        print(
            f"{letter.id}{origin}{group} sent {letter.sent_at}, "
            f"{letter.receives} receives, {letter.size} bytes"
        )
        print(f"  {_shown(letter.body)}")
    if not letters:
        print("no message could be received: there is none, or others have them in hand")


def _shown(body: str) -> str:
    """The body's beginning on one line; what a terminal would obey is written out."""
    line = "".join(char if char.isprintable() else repr(char)[1:-1] for char in body[:BODY_SHOWN])
    return line + ("…" if len(body) > BODY_SHOWN else "")
