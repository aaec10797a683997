"""Medians and ranges over poll phases and seeds."""

from __future__ import annotations

from dataclasses import replace

from support.toy_trials import toy_scores

from autoscaler.simulation.compare.summary import Range, summaries
from autoscaler.simulation.scores import Perfect, Scores


def of(*some: Scores) -> dict[str, Range]:
    (summary,) = summaries(some)
    assert summary.trials == len(some)
    return dict(summary.figures)


def test_the_middle_the_least_and_the_greatest() -> None:
    figures = of(*(toy_scores(billed) for billed in (300, 100, 700)))
    assert figures["bill_task_seconds"] == Range(300, 100, 700)
    assert figures["bill_by_provider.FARGATE"] == Range(300, 100, 700)


def test_of_an_even_number_the_mean_of_the_two_in_the_middle() -> None:
    figures = of(*(toy_scores(wait=wait) for wait in (10, 20, 40, 90)))
    assert figures["wait_seconds.p95"] == Range(30, 10, 90)


def test_what_never_ends_is_above_all_else() -> None:
    ended = toy_scores(wait=7)
    never = replace(ended, wait_seconds=replace(ended.wait_seconds, max=None))
    assert of(ended, never, never)["wait_seconds.max"] == Range(None, 7, None)
    assert of(ended, ended, never)["wait_seconds.max"] == Range(7, 7, None)


def test_a_provider_without_tasks_in_one_trial_was_billed_nothing_there() -> None:
    spot = replace(toy_scores(100), bill_by_provider={"FARGATE_SPOT": 100.0})
    figures = of(toy_scores(100), spot)
    assert figures["bill_by_provider.FARGATE"] == Range(50, 0, 100)
    assert figures["bill_by_provider.FARGATE_SPOT"] == Range(50, 0, 100)


def test_what_was_given_is_no_figure() -> None:
    assert {"seed", "promise_seconds", "trace", "policy"} & of(toy_scores()).keys() == set()


def test_subjects_traces_worlds_and_promises_are_kept_apart_in_order() -> None:
    one = toy_scores()
    others = [
        replace(one, policy="b"),
        replace(one, policy="a"),
        replace(one, trace="t"),
        replace(one, world="w"),
        replace(one, promise_seconds=1.0),
    ]
    told = summaries([*others, *others, one])
    assert [(got.policy, got.trace, got.trials) for got in told[:3]] == [
        ("b", "hand", 2),
        ("a", "hand", 2),
        ("by-hand", "t", 2),
    ]
    assert [got.trials for got in told] == [2, 2, 2, 2, 2, 1]


def test_distances_are_figures_once_they_are_known() -> None:
    known = replace(toy_scores(), ratio_to_bound=1.5)
    assert of(known)["ratio_to_bound"] == Range(1.5, 1.5, 1.5)
    assert Perfect(1.0, 2.0).clairvoyant == 2.0
