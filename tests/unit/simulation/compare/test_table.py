"""A comparison as rows: who keeps the promise comes first, and the cheapest of those on top."""

from __future__ import annotations

from dataclasses import replace

from support.toy_trials import toy_scores

from autoscaler.simulation.compare.summary import Summary, summaries
from autoscaler.simulation.compare.table import TITLES, answer, keeps, ranked, row
from autoscaler.simulation.scores import Scores


def summary(*some: Scores) -> Summary:
    (found,) = summaries(some)
    return found


def named(policy: str, cost: float | None, kept: float = 1.0, unfinished: int = 0) -> Scores:
    scores = replace(toy_scores(), policy=policy, cost_usd=cost, ratio_to_clairvoyant=1.25)
    return replace(scores, promise_kept_ratio=kept, unfinished=unfinished)


def test_who_keeps_the_promise_comes_first_and_the_cheapest_on_top() -> None:
    told = summaries(
        [
            named("breaks-it", 1.0, kept=0.9),
            named("dear", 9.0),
            named("unpriced", None),
            named("cheap", 2.0, kept=0.995),
            named("loses-some", 1.0, unfinished=1),
        ]
    )
    order = [one.policy for one in ranked(told)]
    assert order == ["cheap", "dear", "unpriced", "breaks-it", "loses-some"]


def test_one_trial_that_breaks_it_is_enough() -> None:
    assert not keeps(summary(named("a", 1.0), named("a", 1.0, kept=0.994)))
    assert not keeps(summary(named("a", 1.0), named("a", 1.0, unfinished=1)))


def test_the_answer_names_the_best_its_cost_and_its_distance() -> None:
    assert answer(summary(named("cheap", 2.0))) == (
        "cheap is the cheapest that starts 99.5% within 1 min: $2.00, "
        "1.250 times the best schedule known"
    )
    assert answer(summary(named("slow", 2.0, kept=0.5))) == "none starts 99.5% within 1 min"


def test_a_row_has_the_medians_with_their_ranges() -> None:
    told = summary(*(named("a", cost, kept) for cost, kept in [(1.5, 1.0), (0.5, 0.9), (3.0, 1.0)]))
    assert dict(zip(TITLES, row(told), strict=True)) == {
        "policy": "a",
        "kept, %": "100.00 (90.00-100.00)",
        "p95 wait, s": "5",
        "longest, s": "5",
        "cost, $": "1.50 (0.5000-3.00)",
        "x best known": "1.250",
        "x bound": "-",
        "launches": "1",
        "unfinished": "0",
    }
