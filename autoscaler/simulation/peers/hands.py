"""Which worker runs in a peer's tasks: a world's knobs from those the user gave.

A peer is judged by what its tasks do as much as by its formula, so each result says with which
worker it came about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from autoscaler.simulation.knobs import Knobs, QueueKnobs, Workers

Hire = Callable[[Workers], Workers]
"""The worker a peer brings, with what of the user's it keeps: the slots, mostly."""
SetUp = Callable[[QueueKnobs], QueueKnobs]
"""The queue as a peer's template makes it."""

LONG_POLL = 20.0
"""Seconds, the longest that SQS waits [SQS ReceiveMessage]."""
SHORT_STAY = 4.0
"""Seconds: the blueprint's long poll, and the idle exit of the published figures."""
NO_LIMIT = 1_000_000
"""Receives: what a queue without dead letters allows."""


def plain(workers: Workers) -> Workers:
    """A common loop that drains and leaves: a poll of 4 s, and the first empty one ends it.

    The published figures of simulated peers were made with it.
    """
    return replace(
        workers, poll=SHORT_STAY, back_off=0.0, empties=1, paid_minute=False, serial=False
    )


def serving(workers: Workers) -> Workers:
    """A common loop in a service: polls of 20 s for ever, and no handler for SIGTERM.

    What is in hand when it is stopped comes back once its visibility is over.
    """
    polling = replace(workers, poll=LONG_POLL, back_off=0.0, paid_minute=False, serial=False)
    return replace(polling, grace=0.0, gives_back=False)


def blueprints(workers: Workers) -> Workers:
    """The blueprint's: ten messages received, done one after another, deleted together.

    It never extends their visibility, leaves at its first empty poll of 4 s and dies of a
    SIGTERM [application-code/container-queue-proc/src/app.py:134-164].
    """
    alone = replace(plain(workers), slots=1, batch=10, serial=True)
    return replace(alone, extends=False, grace=0.0, gives_back=False)


def watchbots(workers: Workers) -> Workers:
    """watchbot's: one message at a time, kept by a heartbeat, long polls [lib/message.js]."""
    return replace(serving(workers), slots=1, batch=1)


def agents(workers: Workers) -> Workers:
    """A Buildkite agent: it ends its instance after ten idle minutes [ScaleInIdlePeriod]."""
    return replace(plain(workers), poll=LONG_POLL, empties=30, batch=1)


def laravels(workers: Workers) -> Workers:
    """A Laravel worker: sleeps 3 s when it finds nothing, one job at a time, no heartbeat."""
    return replace(serving(workers), poll=0.0, back_off=3.0, batch=1, extends=False, grace=30.0)


def as_given(queue: QueueKnobs) -> QueueKnobs:
    """The user's queue: the peer makes none."""
    return queue


def blueprints_queue(queue: QueueKnobs) -> QueueKnobs:
    """SQS's default visibility of 30 s and no dead letters [main.tf:156-184]."""
    return replace(queue, visibility=30.0, max_receives=NO_LIMIT)


def cdks_queue(queue: QueueKnobs) -> QueueKnobs:
    """SQS's default visibility of 30 s, dead letters after three receives."""
    return replace(queue, visibility=30.0, max_receives=3)


def watchbots_queue(queue: QueueKnobs) -> QueueKnobs:
    """A visibility of 180 s that the heartbeat renews, dead letters after ten receives."""
    return replace(queue, visibility=180.0, max_receives=10)


@dataclass(frozen=True, slots=True)
class Brings:
    """What a peer brings besides its rule."""

    worker: Hire
    queue: SetUp = as_given


Hands = Callable[[Brings, Knobs], Knobs]


def ours(_brings: Brings, knobs: Knobs) -> Knobs:
    """Our worker in everybody's tasks: what differs is the rule alone."""
    return knobs


def own(brings: Brings, knobs: Knobs) -> Knobs:
    """The peer's own worker, on the user's queue: its visibility has to suit that worker."""
    return replace(knobs, workers=brings.worker(knobs.workers))


def shipped(brings: Brings, knobs: Knobs) -> Knobs:
    """The peer's own worker on the queue that its template makes."""
    return replace(own(brings, knobs), queue=brings.queue(knobs.queue))


def sheets(_brings: Brings, knobs: Knobs) -> Knobs:
    """The plain loop in everybody's tasks, as in published figures."""
    return replace(knobs, workers=plain(knobs.workers))


HANDS: Mapping[str, Hands] = {"ours": ours, "own": own, "shipped": shipped, "plain": sheets}
"""Whose worker and queue, by name."""
