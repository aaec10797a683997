"""Numbers as people read them."""

from __future__ import annotations

import pytest

from autoscaler.simulation.report import words


@pytest.mark.parametrize(
    ("amount", "text"),
    [(None, words.NOTHING), (0, "$0.00"), (0.00123, "$0.00123"), (3.1, "$3.10"), (57.04, "$57.04"),
     (1234.4, "$1,234")],
)  # fmt: skip
def test_dollars_keep_the_digits_that_mean_something(amount: float | None, text: str) -> None:
    assert words.dollars(amount) == text


@pytest.mark.parametrize(
    ("part", "text"),
    [(1, "100 %"), (0, "0 %"), (0.9996, "99.96 %"), (0.995, "99.5 %"), (0.98, "98 %"),
     (0.999999, "99.9999 %"), (0.5, "50 %"), (0.00002, "0.002 %"), (None, words.NOTHING)],
)  # fmt: skip
def test_a_share_is_only_whole_if_nothing_is_missing(part: float | None, text: str) -> None:
    assert words.share(part).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (1.041, "4.1 %"),
        (1.32, "32 %"),
        (0.98, "0.0 %"),
        (3.5, "250 %"),
        (None, words.NOTHING),
    ],
)
def test_a_ratio_to_perfect_is_what_is_paid_above_it(ratio: float | None, text: str) -> None:
    assert words.above(ratio).replace("\N{NO-BREAK SPACE}", " ") == text


def test_one_is_not_several() -> None:
    assert [words.several(1, "message"), words.several(1200, "message")] == [
        "1 message",
        "1,200 messages",
    ]


def test_a_provider_has_a_name_for_people_if_one_is_known() -> None:
    assert [words.provider("FARGATE_SPOT"), words.provider("MOON")] == ["Fargate Spot", "MOON"]


@pytest.mark.parametrize(
    ("least", "most", "text"),
    [(1.04, 1.11, "4.0 to 11 %"), (1.931, 1.934, "93 %"), (0.9, 1.11, "at most 11 %"),
     (None, 1.5, "at most 50 %")],
)  # fmt: skip
def test_perfect_is_at_least_and_at_most_so_far_away(
    least: float | None, most: float, text: str
) -> None:
    assert words.between(least, most).replace("\N{NO-BREAK SPACE}", " ") == text
