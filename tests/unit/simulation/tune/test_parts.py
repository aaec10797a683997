"""A trace is cut in two, or refused where that tells nothing."""

from __future__ import annotations

import pytest
from support.tuning import steady

from autoscaler.core.errors import ConfigurationError
from autoscaler.simulation.tune.parts import split


def test_the_search_sees_the_first_seven_tenths_and_nothing_of_the_rest() -> None:
    parts = split(steady(36_000.0), 600.0)

    assert (parts.search.seconds, parts.validation.seconds) == (25_200.0, 10_800.0)
    assert (len(parts.search), len(parts.validation)) == (840, 360)
    assert parts.validation.starts_at == parts.search.starts_at + 25_200.0
    assert parts.validation.arrivals[0] == 0.0


def test_a_part_shorter_than_ten_promises_is_too_short() -> None:
    with pytest.raises(ConfigurationError, match="lasts 5 h, and 5 h 33 min are needed"):
        split(steady(18_000.0), 600.0)


def test_a_part_with_hardly_a_message_is_too_short() -> None:
    with pytest.raises(ConfigurationError, match="its last 30 % have 18 messages, and at least 20"):
        split(steady(36_000.0, every=600.0), 600.0)
