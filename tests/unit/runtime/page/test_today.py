"""What has been spent today."""

from __future__ import annotations

from autoscaler.runtime.page.today import DAY, Today, after


def test_what_was_spent_before_the_first_look_is_not_todays() -> None:
    today = after(None, 1_000.0, 5.0)
    today = after(today, 2_000.0, 5.5)

    assert today == Today(since=1_000.0, base=5.0, spent=5.5, at=2_000.0)
    assert today.dollars == 0.5


def test_a_new_day_begins_at_midnight_with_what_was_spent_before_it() -> None:
    today = after(after(None, DAY - 10.0, 5.0), DAY + 20.0, 5.25)

    assert today
    assert (today.since, today.dollars) == (DAY, 0.25)


def test_an_unknown_sum_changes_nothing_and_a_lost_memory_begins_anew() -> None:
    today = after(None, 1_000.0, 5.0)

    assert after(None, 1.0, None) is None
    assert after(today, 2_000.0, None) == today
    begun = after(today, 3_000.0, 0.0)
    assert begun
    assert (begun.since, begun.dollars) == (3_000.0, 0.0)
