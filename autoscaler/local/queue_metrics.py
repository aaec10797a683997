"""Which AWS/SQS metrics a queue has at the end of a period, by AWS's rules for having one at all.

"Available CloudWatch metrics for Amazon SQS": the age needs a message, the visible count an active
queue, the groups an active FIFO queue, the other counts such messages, the NumberOf metrics such an
action. No datapoint is not 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from autoscaler.local.corrections.slips import Place

if TYPE_CHECKING:
    from autoscaler.local.corrections.shelf import Shelf
    from autoscaler.local.corrections.slips import Tally


@dataclass(frozen=True, slots=True)
class QueueMetric:
    """One datapoint to publish."""

    name: str
    value: float
    unit: str = "Count"


def metrics_of(
    shelf: Shelf, now: float, *, recently_used: bool, fifo: bool = False
) -> list[QueueMetric]:
    """Return a queue's datapoints and begin a new tally. `now` is in milliseconds."""
    visible, in_flight, delayed = (
        shelf.count(place, now) for place in (Place.READY, Place.IN_HAND, Place.DELAYED)
    )
    found = _counters(shelf.take_tally())
    active = recently_used or visible + in_flight + delayed
    if active:
        found.append(QueueMetric("ApproximateNumberOfMessagesVisible", visible))
    if active and fifo:
        groups = shelf.groups_in_hand(now)
        found.append(QueueMetric("ApproximateNumberOfGroupsWithInflightMessages", groups))
    if in_flight:
        found.append(QueueMetric("ApproximateNumberOfMessagesNotVisible", in_flight))
    if delayed:
        found.append(QueueMetric("ApproximateNumberOfMessagesDelayed", delayed))
    age = shelf.oldest_age(now)
    if age is not None:
        found.append(QueueMetric("ApproximateAgeOfOldestMessage", age // 1000, "Seconds"))
    return found


def _counters(tally: Tally) -> list[QueueMetric]:
    found = []
    if tally.sent:
        found.append(QueueMetric("NumberOfMessagesSent", tally.sent))
    if tally.deleted:
        found.append(QueueMetric("NumberOfMessagesDeleted", tally.deleted))
    if tally.receive_calls:
        found.append(QueueMetric("NumberOfMessagesReceived", tally.received))
        found.append(QueueMetric("NumberOfEmptyReceives", tally.empty_receives))
    return found
