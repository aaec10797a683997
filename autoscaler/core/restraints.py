"""What holds new launches back for a while, for reasons that no policy knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from autoscaler.core.memory import Memory, Sample
from autoscaler.core.model import Cause, Reading, Restraint
from autoscaler.core.rules import FleetRules, QueueRules
from autoscaler.core.tasks import Fleet
from autoscaler.core.wallclock import shown, zone_of

UTC = zone_of("UTC")


def restraints(
    memory: Memory, readings: Mapping[str, Reading], fleet: Fleet, rules: FleetRules, now: float
) -> tuple[Restraint, ...]:
    """Everything that holds launches back at this tick."""
    found = [*_breaker(memory, fleet, now)]
    for queue in rules.queues:
        found.extend(_paused(memory, queue.name, now))
        found.extend(_unconfirmed(memory, readings[queue.name], fleet, queue))
        found.extend(_flat(memory, queue.name))
    return tuple(found)


def _breaker(memory: Memory, fleet: Fleet, now: float) -> Iterator[Restraint]:
    breaker = memory.breaker
    if breaker.probe_at is None:
        return
    due = now >= breaker.probe_at and fleet.live == 0
    what = "one probe task is let through" if due else "no task is launched"
    text = f"{breaker.bad} tasks died without progress ({breaker.why}), so {what}."
    until = None if now >= breaker.probe_at else breaker.probe_at
    yield Restraint(Cause.BREAKER, text, new_tasks=1 if due else 0, until=until)


def _paused(memory: Memory, queue: str, now: float) -> Iterator[Restraint]:
    if queue not in memory.paused:
        return
    until = memory.paused[queue]
    if until is not None and now >= until:
        return
    end = "it is resumed" if until is None else shown(until, UTC)
    by = memory.paused_by.get(queue)
    whose = f", by {by.who} since {shown(by.at, UTC)}" if by else ""
    text = f"Queue {queue} is paused until {end}{whose}."
    yield Restraint(Cause.PAUSED, text, queue=queue, until=until)


def _unconfirmed(
    memory: Memory, reading: Reading, fleet: Fleet, rules: QueueRules
) -> Iterator[Restraint]:
    """A first message on a queue that was empty, seen too few times to be believed.

    SQS's counts are approximate, and can show a message that is not there. A task at work, a
    message in flight or an age in CloudWatch vouches for it.
    """
    vouched = fleet.live or reading.in_flight or reading.oldest_age
    if not reading.visible or vouched:
        return
    seen = max(1, _nonempty_in_a_row(memory.samples.get(rules.name, ())))
    if seen < rules.confirm:
        text = f"{reading.visible} messages in {rules.name} seen {seen} of {rules.confirm} times."
        yield Restraint(Cause.UNCONFIRMED, text, queue=rules.name)


def _flat(memory: Memory, queue: str) -> Iterator[Restraint]:
    """A FIFO queue whose groups keep fewer tasks busy than run; one more shows if that changes."""
    groups = memory.flat_groups.get(queue)
    if groups is not None:
        text = f"{groups} message groups of {queue} stayed in flight while more tasks ran, so "
        text += f"{groups + 1} are enough until there are more groups."
        yield Restraint(Cause.GROUPS_FLAT, text, new_tasks=groups + 1, queue=queue)


def _nonempty_in_a_row(samples: tuple[Sample, ...]) -> int:
    count = 0
    for sample in reversed(samples):
        if not sample.visible:
            break
        count += 1
    return count
