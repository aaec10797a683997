"""The search: repeatable, shared through a database, and the front of what it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from support.tuning import figures

from autoscaler.core.errors import ConfigurationError
from autoscaler.simulation.tune.candidates import Candidate, Field
from autoscaler.simulation.tune.dimensions import Whole
from autoscaler.simulation.tune.judging import Figures
from autoscaler.simulation.tune.study import Study, Tried, front

FIELD = Field({"depth": {"messages_per_task": Whole(1, 1_000)}}, {})
ABOUT: Mapping[str, Any] = {"trace": "a"}


def share(candidate: Candidate) -> int:
    return int(candidate.policies[0]["messages_per_task"])


def judge(candidate: Candidate) -> Figures:
    """The more messages a task gets, the cheaper, and the later they start."""
    return figures(1_000.0 / share(candidate), kept=1.0 - share(candidate) / 2_000.0)


def proposed(study: Study, trials: int = 15) -> list[str]:
    return [one.candidate.told() for one in study.search(trials, judge)]


def test_the_same_seed_makes_the_same_study_and_another_seed_another() -> None:
    first, again, other = (Study(FIELD, ABOUT, seed) for seed in (7, 7, 8))

    assert proposed(first) == proposed(again) != proposed(other)
    assert first.tried() == again.tried()


def test_several_at_once_are_proposed_before_any_is_judged_and_told_in_their_order() -> None:
    asked = []

    def each(judge: Callable[[Candidate], Figures], some: list[Candidate]) -> list[Figures]:
        asked.append(len(some))
        return [judge(one) for one in some]

    study = Study(FIELD, ABOUT, 7)
    told = list(study.search(5, judge, 2, each))
    assert asked == [2, 2, 1]
    assert [one.number for one in told] == [0, 1, 2, 3, 4]
    assert all(one.figures == judge(one.candidate) for one in told)


def test_a_study_in_a_database_goes_on_where_it_was_and_proposes_anew(tmp_path: Path) -> None:
    storage = f"sqlite:///{tmp_path}/study.db"

    first = proposed(Study(FIELD, ABOUT, 7, storage), 3)
    joined = Study(FIELD, ABOUT, 7, storage)
    second = proposed(joined, 3)

    assert first != second
    assert [one.candidate.told() for one in joined.tried()] == [*dict.fromkeys(first + second)]


def test_a_candidate_read_back_from_a_database_is_the_one_that_was_judged(tmp_path: Path) -> None:
    storage = f"sqlite:///{tmp_path}/study.db"
    told = list(Study(FIELD, ABOUT, 7, storage).search(3, judge))

    assert Study(FIELD, ABOUT, 9, storage).tried() == told


def test_what_figures_depend_on_tells_studies_apart(tmp_path: Path) -> None:
    storage = f"sqlite:///{tmp_path}/study.db"
    proposed(Study(FIELD, ABOUT, 7, storage), 2)

    assert Study(FIELD, {"trace": "b"}, 7, storage).tried() == []


@pytest.mark.parametrize("storage", ["nonsense", "sqlite:////nowhere/at/all/study.db", "odd://x"])
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(
    storage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autoscaler.simulation.tune.study._PAUSE", 0.0)

    with pytest.raises(ConfigurationError, match="no study can be kept there"):
        Study(FIELD, ABOUT, 7, storage)


def test_an_error_in_judging_is_not_taken_for_a_figure() -> None:
    def broken(candidate: Candidate) -> Figures:
        raise ConfigurationError(candidate.told())

    study = Study(FIELD, ABOUT, 7)
    with pytest.raises(ConfigurationError):
        list(study.search(1, broken))
    assert study.tried() == []


def test_the_front_holds_what_nothing_beats_in_both_the_cheapest_first() -> None:
    found = [(3.0, 0.9), (1.0, 0.5), (2.0, 0.4), (4.0, 0.9), (2.0, 0.7), (9.0, 1.0)]
    tried = [
        Tried(number, Candidate([]), figures(dollars, kept))
        for number, (dollars, kept) in enumerate(found)
    ]

    assert [one.number for one in front(tried)] == [1, 4, 0, 5]
