"""When metrics are published, and which minute they are said to be of."""

from __future__ import annotations

import pytest

from autoscaler.local.periods import minute_of, next_due


@pytest.mark.parametrize(
    ("now", "period", "due"), [(0, 60, 60), (59.9, 60, 60), (60, 60, 120), (61.2, 2, 62)]
)
def test_metrics_are_published_on_whole_multiples_of_the_period(
    now: float, period: float, due: float
) -> None:
    assert next_due(now, period) == due


def test_with_awss_period_a_minute_is_published_when_it_is_over() -> None:
    assert minute_of(120, 60) == 60


@pytest.mark.parametrize(("due", "minute"), [(120, 60), (122, 120), (178, 120), (180, 120)])
def test_with_a_shorter_period_the_minute_is_the_one_the_period_began_in(
    due: float, minute: float
) -> None:
    assert minute_of(due, 2) == minute
