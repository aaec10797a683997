"""Where messages go that always fail."""

from __future__ import annotations

import json
from collections.abc import Iterator

from autoscaler.core.units import format_duration
from autoscaler.operations.doctor.check import Severity, check
from autoscaler.operations.doctor.facts import QueueFacts
from autoscaler.operations.doctor.knowing import Absent, known

_FEW, _FEW_FOR_LAMBDA, _MANY = 3, 5, 20


def _receives(queue: QueueFacts) -> int | None:
    """After how many receives a message is moved away; None: never."""
    policy = json.loads(known(queue.attributes).get("RedrivePolicy") or "{}")
    return int(policy.get("maxReceiveCount", 10)) if policy else None


@check(
    "dead-letter-queue",
    Severity.PROBLEM,
    QueueFacts,
    looks_at="whether the queue has a dead-letter queue",
    why="A message that always fails comes again until its retention ends, and tasks run for it "
    "all that time: scaling to zero never happens.",
    fix="Create a queue of the same type and name it in the RedrivePolicy, with a maxReceiveCount "
    "of 3 to 5.",
)
def there(queue: QueueFacts) -> Iterator[str]:
    """No RedrivePolicy."""
    if _receives(queue) is None:
        yield "it has no dead-letter queue"


@check(
    "dead-letter-queue-gone",
    Severity.PROBLEM,
    QueueFacts,
    looks_at="whether the dead-letter queue that the RedrivePolicy names exists",
    why="Messages that fail too often cannot be moved: they come again as if there were no policy.",
    fix="Create the dead-letter queue again, or name another in the RedrivePolicy.",
)
def gone(queue: QueueFacts) -> Iterator[str]:
    """Named and absent."""
    if isinstance(queue.dead_letters, Absent) and _receives(queue) is not None:
        yield "its dead-letter queue does not exist"
    else:
        known(queue.dead_letters)


@check(
    "max-receives-low",
    Severity.ADVICE,
    QueueFacts,
    looks_at="maxReceiveCount of the RedrivePolicy",
    why="Each time Spot takes a task back, or one dies, its messages lose a receive: good messages "
    "end among the dead.",
    fix="Set maxReceiveCount to 3 or more; to 5 or more where Lambda receives from the queue.",
)
def few(queue: QueueFacts) -> Iterator[str]:
    """Fewer than three; fewer than five with Lambda."""
    receives = _receives(queue)
    lambdas = receives is not None and receives < _FEW_FOR_LAMBDA and known(queue.lambdas)
    if receives is not None and receives < (_FEW_FOR_LAMBDA if lambdas else _FEW):
        yield f"a message is given up after {receives} receives"


@check(
    "max-receives-high",
    Severity.ADVICE,
    QueueFacts,
    looks_at="maxReceiveCount of the RedrivePolicy",
    why="A message that always fails is worked on that often, on tasks that are paid for, and "
    "hides in CloudWatch's age from its third receive on.",
    fix="Set maxReceiveCount to 3 to 10.",
)
def many(queue: QueueFacts) -> Iterator[str]:
    """More than twenty."""
    receives = _receives(queue)
    if receives is not None and receives > _MANY:
        yield f"a message that always fails is worked on {receives} times"


@check(
    "dead-letter-retention",
    Severity.PROBLEM,
    QueueFacts,
    looks_at="how long the queue and its dead-letter queue keep messages",
    why="A dead letter of a standard queue expires by the time it was first sent: where the "
    "dead-letter queue keeps messages no longer than the queue, it can be gone before anyone saw "
    "it.",
    fix="Give the dead-letter queue a longer MessageRetentionPeriod, 14 days say.",
)
def retention(queue: QueueFacts) -> Iterator[str]:
    """Kept no longer there than here."""
    dead = known(queue.dead_letters)
    if dead is None:
        return
    here = float(known(queue.attributes)["MessageRetentionPeriod"])
    beyond = float(dead["MessageRetentionPeriod"])
    if beyond <= here:
        yield (
            f"it keeps messages for {format_duration(here)} and its dead-letter queue for "
            f"{format_duration(beyond)} from when they were first sent"
        )


@check(
    "dead-letters-waiting",
    Severity.ADVICE,
    QueueFacts,
    looks_at="how many messages the dead-letter queue holds",
    why="Somebody's work was not done.",
    fix="Look at them with `autoscaler dlq show` and `dlq peek`; mend the worker; then "
    "`autoscaler dlq redrive`.",
)
def waiting(queue: QueueFacts) -> Iterator[str]:
    """Any at all."""
    dead = known(queue.dead_letters)
    count = int(dead["ApproximateNumberOfMessages"]) if dead else 0
    if count:
        yield f"about {count} messages wait in its dead-letter queue"


@check(
    "is-dead-letter-queue",
    Severity.ADVICE,
    QueueFacts,
    looks_at="whether the queue is the dead-letter queue of another",
    why="Its messages failed elsewhere and will mostly fail again; their age starts anew when "
    "they arrive, and they expire by the time they were first sent.",
    fix="Put messages back by `autoscaler dlq redrive` and let the fleet work on the queue itself.",
)
def is_one(queue: QueueFacts) -> Iterator[str]:
    """Others' messages end here."""
    sources = [url.rpartition("/")[2] for url in known(queue.sources)]
    if sources:
        yield f"it is the dead-letter queue of {', '.join(sources)}"


CHECKS = (there, gone, few, many, retention, waiting, is_one)
