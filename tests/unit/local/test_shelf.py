"""The work a call on a queue takes does not grow with the queue."""

from __future__ import annotations

from types import SimpleNamespace

from autoscaler.local.corrections.shelf import Shelf
from autoscaler.local.corrections.slips import Place

START = 1_000_000.0


def filled(count: int) -> Shelf:
    shelf = Shelf(lambda _: None)
    for _ in range(count):
        shelf.add(SimpleNamespace(sent_timestamp=START), START)
    return shelf


def moves_of_a_round(depth: int) -> int:
    """Send, count, receive, count, change, delete; and see a visibility time-out end."""
    shelf = filled(depth)
    before = shelf.moves
    shelf.add(SimpleNamespace(sent_timestamp=START), START)
    shelf.count(Place.READY, START)
    slips, _ = shelf.take(10, float("inf"), START)
    for number, slip in enumerate(slips):
        shelf.hold(slip, f"h{number}", START + 5, START)
    shelf.count(Place.IN_HAND, START)
    shelf.hide(slips[0], START + 9, START)
    shelf.delete("h1")
    assert shelf.count(Place.READY, START + 10) == depth
    return shelf.moves - before


def test_a_round_of_calls_moves_as_many_messages_at_any_depth() -> None:
    assert moves_of_a_round(100) == moves_of_a_round(20_000) < 40


def test_timers_of_deleted_messages_do_not_pile_up() -> None:
    shelf = Shelf(lambda _: None)
    for number in range(5000):
        shelf.add(SimpleNamespace(sent_timestamp=START), START)
        (slip,), _ = shelf.take(1, float("inf"), START)
        shelf.hold(slip, f"h{number}", START + 43_200_000, START)
        shelf.delete(f"h{number}")
    assert len(shelf._timers) < 1100


def test_a_deleted_message_can_be_deleted_again_but_not_one_that_never_was() -> None:
    shelf = filled(1)
    (slip,), _ = shelf.take(1, float("inf"), START)
    shelf.hold(slip, "h", START + 5, START)
    assert [shelf.delete("h"), shelf.delete("h"), shelf.delete("other")] == [True, True, False]
    assert shelf.take_tally().deleted == 2


def test_messages_past_their_retention_go() -> None:
    shelf = filled(3)
    shelf.add(SimpleNamespace(sent_timestamp=START + 10), START + 10)
    shelf.drop_older_than(START + 5)
    assert shelf.count(Place.READY, START + 10) == 1


def test_a_deduplication_id_is_remembered_for_five_minutes() -> None:
    shelf = filled(0)
    seen = [shelf.is_duplicate("d", START + after) for after in (0, 299_999, 300_000)]
    assert seen == [False, True, False]
