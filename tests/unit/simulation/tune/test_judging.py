"""Figures of a configuration on a part of a trace: the objective of the search."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.tuning import base, figures, steady

from autoscaler.core.errors import ConfigurationError
from autoscaler.core.rules import Rulebook
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.one_queue import rules_of
from autoscaler.simulation.scores import score
from autoscaler.simulation.tune import judging
from autoscaler.simulation.tune.judging import Judge

HOUR = steady(3_600.0)


def rules(directory: Path) -> Rulebook:
    found = base(directory)
    return rules_of(found.settings, found.queue)


def test_a_month_is_730_hours_at_the_parts_pace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def noted(*args: object, **named: object) -> object:
        seen.append(score(*args, **named))  # type: ignore[arg-type]
        return seen[-1]

    monkeypatch.setattr(judging, "score", noted)
    found = Judge(Knobs(), 600.0, {}).figures(rules(tmp_path), HOUR, phases=2)

    costs = [(one.cost_usd or 0.0) + one.control_cost_usd for one in seen]
    assert found.dollars_a_month == pytest.approx(sum(costs) / 2 * 730)
    assert found.launches_a_day == pytest.approx(sum(one.launches for one in seen) / 2 * 24)
    assert found.keeps


def test_the_worst_phase_counts_for_the_promise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worst = iter([(1.0, 0, 5.0), (0.9, 2, 9.0), (0.95, 0, 7.0)])

    def scored(*args: object, **named: object) -> object:
        kept, unfinished, wait = next(worst)
        one = score(*args, **named)  # type: ignore[arg-type]
        waits = replace(one.wait_seconds, p95=wait)
        return replace(one, promise_kept_ratio=kept, unfinished=unfinished, wait_seconds=waits)

    monkeypatch.setattr(judging, "score", scored)
    found = Judge(Knobs(), 600.0, {}).figures(rules(tmp_path), HOUR, phases=3)

    assert (found.kept, found.unfinished, found.wait_p95) == (0.9, 2, 9.0)


def test_a_wait_without_end_is_none(tmp_path: Path) -> None:
    knobs = Knobs(drain=0.0)

    found = Judge(knobs, 600.0, {}).figures(rules(tmp_path), steady(60.0, every=1.0), phases=1)

    assert found.wait_p95 is None
    assert found.unfinished


def test_a_promise_is_kept_from_995_of_a_thousand_on_with_nothing_left() -> None:
    assert figures(1.0, kept=0.995).keeps
    assert not figures(1.0, kept=0.994).keeps
    assert not figures(1.0, kept=1.0, unfinished=1).keeps


def test_tasks_without_a_price_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unpriced(*args: object, **named: object) -> object:
        return replace(score(*args, **named), cost_usd=None)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "score", unpriced)
    judge = Judge(Knobs(region="moon-1"), 600.0, {})

    with pytest.raises(ConfigurationError, match="no price is known for the tasks in moon-1"):
        judge.figures(rules(tmp_path), HOUR, phases=1)
