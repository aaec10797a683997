"""What a policy reckons with where its user gave a figure or left it to be learned."""

from __future__ import annotations

from autoscaler.core.model import Advice, Observation


def work_of(given: float | None, seen: Observation) -> float | None:
    """Seconds one slot needs for one message; learned ones err high while few were seen.

    A learned 0 is unknown: it only means that no look found a message in hand.
    """
    return given if given is not None else seen.learned.queue(seen.queue).work.high or None


def arrivals_of(given: float | None, seen: Observation) -> float | None:
    """Messages per second; learned ones err high while few minutes were seen."""
    return given if given is not None else seen.learned.queue(seen.queue).arrivals.high


def until_known(unknown: str, seen: Observation) -> Advice:
    """No opinion, but for a first task where something waits: nothing else would ever tell.

    ``unknown``: a sentence on what is not known yet.
    """
    if seen.reading.visible and not seen.live:
        return Advice(want=1, why=f"{unknown} One task tells.")
    return Advice.abstain(unknown)
