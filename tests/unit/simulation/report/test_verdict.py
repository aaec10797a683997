"""The answer in a sentence: who keeps the promise for the least money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from support.report_examples import report as example
from support.report_examples import subject

from autoscaler.simulation.report.model import Report, Subject
from autoscaler.simulation.report.verdict import answer, judge

MONTH = 730 * 3600.0


def report(*subjects: Subject) -> Report:
    return replace(example(days=0.2, a_day=300, habits=()), seconds=MONTH, subjects=subjects)


def said(*subjects: Subject) -> str:
    made = report(*subjects)
    return answer(made, judge(made)).replace("\N{NO-BREAK SPACE}", " ")


def names(subjects: Sequence[Subject]) -> list[str]:
    return [each.name for each in judge(report(*subjects))]


def scored(name: str, **scores: Any) -> Subject:
    return subject(name, **{"cost_usd": 10.0, "promise_kept_ratio": 0.999, **scores})


def test_the_cheapest_that_keeps_the_promise_is_the_answer_however_cheap_the_others_are() -> None:
    breaks = scored("breaks", cost_usd=1.0, promise_kept_ratio=0.9949)
    stuck = scored("stuck", cost_usd=1.0, promise_kept_ratio=0.999, unfinished=1)
    ranked = names([breaks, scored("dear", cost_usd=20.0), stuck, scored("cheap")])
    assert ranked == ["cheap", "dear", "stuck", "breaks"]


def test_a_promise_kept_for_99_and_a_half_percent_is_kept() -> None:
    assert judge(report(scored("just", promise_kept_ratio=0.995)))[0].keeps


def test_a_promise_that_one_phase_breaks_is_not_kept() -> None:
    one = scored("lucky")
    late = replace(one.scores, promise_kept_ratio=0.99)
    assert not judge(report(replace(one, others=(one.scores, late))))[0].keeps


def test_the_month_is_paid_for_tasks_and_for_control() -> None:
    half = replace(report(scored("a", control_cost_usd=0.5)), seconds=MONTH / 2)
    assert judge(half)[0].a_month == pytest.approx(21.0)


def test_the_sentence_names_the_share_the_money_and_the_distance_to_perfect() -> None:
    text = said(scored("a", ratio_to_clairvoyant=1.042, ratio_to_bound=1.11))
    assert text == (
        "a starts 99.9 % of the messages within 10 min for $10.00 a month, 4.2 to 11 % above "
        "what a fleet that knows the future would pay."
    )


def test_a_run_cheaper_than_the_best_schedule_found_is_only_at_most_so_far_from_perfect() -> None:
    text = said(scored("a", ratio_to_clairvoyant=0.99, ratio_to_bound=1.11))
    assert "at most 11 % above what" in text


def test_without_a_bound_nothing_is_said_of_perfect() -> None:
    text = said(scored("a", ratio_to_clairvoyant=None, ratio_to_bound=None))
    assert text == "a starts 99.9 % of the messages within 10 min for $10.00 a month."


@pytest.mark.parametrize(
    ("others", "end"),
    [
        ([scored("b", cost_usd=12.5)],
         "The next cheapest that keeps the promise, b, costs $2.50 a month more (25 %)."),
        ([scored("b", cost_usd=10.01)],
         "The next cheapest that keeps the promise, b, costs as much."),
        ([scored("b", cost_usd=None)],
         "The next cheapest that keeps the promise, b, costs an unknown sum."),
        ([scored("b", promise_kept_ratio=0.9)], "b does not keep it: 90 %."),
        ([scored("b", promise_kept_ratio=0.9), scored("c", unfinished=3)],
         "None of the 2 others keeps the promise."),
    ],
)  # fmt: skip
def test_the_rival_is_the_next_cheapest_that_keeps_the_promise(
    others: list[Subject], end: str
) -> None:
    assert said(scored("a"), *others).endswith(end)


def test_where_nobody_keeps_the_promise_the_closest_is_named_with_what_it_left_undone() -> None:
    late, worse = (
        scored("late", promise_kept_ratio=0.97, unfinished=2),
        scored("worse", promise_kept_ratio=0.5),
    )
    assert said(worse, late) == (
        "Nobody here keeps the promise of 10 min for 99.5 % of the messages. late comes closest: "
        "97 % started in time, for $10.00 a month; 2 messages never finished."
    )
    assert said(late).startswith("late does not keep the promise of 10 min")


def test_a_price_nobody_knows_ranks_behind_all_known_ones() -> None:
    assert names([scored("unknown", cost_usd=None), scored("known", cost_usd=1e6)]) == [
        "known",
        "unknown",
    ]


def test_of_nothing_nothing_is_said() -> None:
    assert said() == "Nothing was simulated."
