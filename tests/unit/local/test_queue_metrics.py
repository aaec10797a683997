"""Which AWS/SQS metrics a queue has, by AWS's rules: no datapoint is not zero."""

from __future__ import annotations

from types import SimpleNamespace

from autoscaler.local.corrections.shelf import Shelf
from autoscaler.local.queue_metrics import metrics_of

SECOND = 1000.0
START = 1_000_000.0


def shelf(*, fifo: bool = False) -> Shelf:
    return Shelf(lambda message: message.group if fifo else None)


def send(queue: Shelf, at: float = START, *, delayed_until: float = 0.0, group: str = "g") -> None:
    message = SimpleNamespace(sent_timestamp=at, group=group)
    queue.add(message, at, delayed_until=delayed_until)


def receive(queue: Shelf, at: float, *, hidden_until: float) -> None:
    (slip,), _ = queue.take(1, float("inf"), at)
    queue.hold(slip, f"handle-{slip.order}-{at}", hidden_until, at)


def found(queue: Shelf, now: float, *, recently_used: bool = True) -> dict[str, float]:
    metrics = metrics_of(queue, now, recently_used=recently_used)
    prefix = "ApproximateNumberOfMessages"
    return {metric.name.removeprefix(prefix): metric.value for metric in metrics}


def test_an_empty_queue_in_use_has_no_age_and_nothing_visible() -> None:
    assert found(shelf(), START) == {"Visible": 0}


def test_an_empty_queue_nobody_uses_has_no_metric() -> None:
    assert found(shelf(), START, recently_used=False) == {}


def test_a_queue_nobody_uses_that_holds_a_message_is_active() -> None:
    queue = shelf()
    send(queue)
    metrics = found(queue, START + 7 * 3600 * SECOND, recently_used=False)
    assert metrics == {"Visible": 1, "ApproximateAgeOfOldestMessage": 25_200}


def test_the_age_is_that_of_the_oldest_in_whole_seconds() -> None:
    queue = shelf()
    send(queue, START)
    send(queue, START + 60 * SECOND)
    assert found(queue, START + 90.9 * SECOND)["ApproximateAgeOfOldestMessage"] == 90


def test_a_message_in_flight_counts_for_the_age_and_not_as_visible() -> None:
    queue = shelf()
    send(queue)
    receive(queue, START + SECOND, hidden_until=START + 30 * SECOND)
    metrics = found(queue, START + 10 * SECOND)
    assert metrics == {"NotVisible": 1, "Visible": 0, "ApproximateAgeOfOldestMessage": 10}


def test_a_delayed_message_has_no_age_yet() -> None:
    queue = shelf()
    send(queue, delayed_until=START + 60 * SECOND)
    assert found(queue, START + SECOND) == {"Delayed": 1, "Visible": 0}


def test_a_standard_queue_leaves_a_message_received_three_times_out_of_the_age() -> None:
    queue = shelf()
    send(queue, START)
    send(queue, START + 5 * SECOND)
    for n in range(3):
        at = START + (10 + n) * SECOND
        receive(queue, at, hidden_until=at + 0.5 * SECOND)
    assert found(queue, START + 20 * SECOND)["ApproximateAgeOfOldestMessage"] == 15


def test_when_every_message_was_received_three_times_there_is_no_age() -> None:
    queue = shelf()
    send(queue)
    for n in range(3):
        at = START + (10 + n) * SECOND
        receive(queue, at, hidden_until=at + 0.5 * SECOND)
    metrics = found(queue, START + 20 * SECOND)
    assert metrics == {"Visible": 1}


def test_a_fifo_queue_counts_every_message_for_the_age() -> None:
    queue = shelf(fifo=True)
    send(queue)
    for n in range(4):
        at = START + (10 + n) * SECOND
        receive(queue, at, hidden_until=at + 0.5 * SECOND)
    assert found(queue, START + 20 * SECOND)["ApproximateAgeOfOldestMessage"] == 20


GROUPS = "ApproximateNumberOfGroupsWithInflightMessages"


def groups_in_flight(queue: Shelf, now: float, *, recently_used: bool = True) -> list[float]:
    metrics = metrics_of(queue, now, recently_used=recently_used, fifo=True)
    return [metric.value for metric in metrics if metric.name == GROUPS]


def test_a_fifo_queue_counts_the_groups_that_have_a_message_in_flight() -> None:
    queue = shelf(fifo=True)
    for group in "aabc":
        send(queue, group=group)
    receive(queue, START, hidden_until=START + 30 * SECOND)
    receive(queue, START, hidden_until=START + 60 * SECOND)
    assert groups_in_flight(queue, START + 10 * SECOND) == [2]
    assert groups_in_flight(queue, START + 40 * SECOND) == [1]


def test_an_active_fifo_queue_with_nothing_in_flight_counts_no_group() -> None:
    assert groups_in_flight(shelf(fifo=True), START) == [0]
    assert groups_in_flight(shelf(fifo=True), START, recently_used=False) == []


def test_a_standard_queue_has_no_count_of_groups() -> None:
    assert all(one.name != GROUPS for one in metrics_of(shelf(), START, recently_used=True))
