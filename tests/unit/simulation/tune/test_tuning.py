"""From a search to a recommendation: who is validated, who is chosen, what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.tuning import Table, base, figures, steady

from autoscaler.simulation.tune.candidates import Candidate, Field
from autoscaler.simulation.tune.dimensions import OneOf, Whole
from autoscaler.simulation.tune.judging import Figures
from autoscaler.simulation.tune.parts import split
from autoscaler.simulation.tune.study import Study, Tried
from autoscaler.simulation.tune.tuning import Found, Tuning, field_of
from autoscaler.simulation.tune.words import compared, heading, none_keeps

TRACE = steady(36_000.0)
PARTS = split(TRACE, 600.0)


def tuning(directory: Path, table: Table) -> Tuning:
    field = Field({"depth": {"messages_per_task": Whole(1, 20)}}, {})
    return Tuning(base(directory), PARTS, table, field)  # type: ignore[arg-type]


def dearer(kept: Callable[[int], float]) -> Callable[[int], Figures]:
    """A task for fewer messages costs more."""
    return lambda share: figures(100.0 / share, kept(share))


def tried(table: Table, *shares: int) -> list[Tried]:
    return [
        Tried(
            number,
            Candidate([{"type": "depth", "messages_per_task": share}]),
            table.on_search(share),
        )
        for number, share in enumerate(shares)
    ]


def shares(found: Found) -> list[int]:
    return [one.tried.candidate.policies[0]["messages_per_task"] for one in found.validated]


def up_to(most: int) -> Callable[[int], float]:
    return lambda share: 1.0 if share <= most else 1.0 - share / 100.0


def test_the_cheapest_of_the_search_that_keeps_the_promise_on_both_parts_is_recommended(
    tmp_path: Path,
) -> None:
    table = Table(dearer(up_to(10)), dearer(up_to(6)))

    found = tuning(tmp_path, table).found(tried(table, 2, 10, 5, 4, 15), runs_today=False)

    assert found.recommended is not None
    assert found.recommended.tried.candidate.policies[0]["messages_per_task"] == 5
    assert shares(found) == [15, 10, 5]  # the front, and then the next cheapest until one keeps


def test_the_search_sees_nothing_of_the_validation_part(tmp_path: Path) -> None:
    table = Table(dearer(up_to(10)), dearer(up_to(6)))
    made = tuning(tmp_path, table)

    list(made.search(Study(made.field, {}, 1), 5))
    assert {seconds for _, seconds in table.asked} == {PARTS.search.seconds}

    table.asked.clear()
    made.found(tried(table, 5), runs_today=True)
    assert table.asked == [(5, PARTS.validation.seconds), (10, PARTS.validation.seconds)]


def test_where_none_keeps_the_promise_the_nearest_is_told(tmp_path: Path) -> None:
    table = Table(dearer(up_to(10)), dearer(lambda share: 0.99 - share / 1_000))

    found = tuning(tmp_path, table).found(tried(table, 2, 10, 5), runs_today=True)

    assert found.recommended is None
    assert found.saving is None
    assert shares(found) == [10, 5, 2]  # every one that kept it in the search was looked at
    told = none_keeps(found, 600.0)
    assert told.startswith("none of 3 candidates starts 99.5% within 10 min on both parts")
    assert "the nearest is number 0: 100.00% on the search's part, 98.80% on validation" in told


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (50.0, "That is $30.00 a month, or 60%, less than what runs today, which keeps 100.00%"),
        (15.0, "for $15.00: stay with it, or search with more --trials"),
    ],
)
def test_the_saving_is_against_what_runs_today(tmp_path: Path, today: float, sentence: str) -> None:
    table = Table(dearer(up_to(10)), lambda share: figures(today if share == 10 else 100.0 / share))

    found = tuning(tmp_path, table).found(tried(table, 5), runs_today=True)

    assert found.saving == pytest.approx(today - 20.0)
    assert sentence in compared(found)


def test_a_dearer_candidate_that_keeps_what_today_breaks_is_recommended(tmp_path: Path) -> None:
    table = Table(dearer(up_to(10)), dearer(up_to(6)))

    found = tuning(tmp_path, table).found(tried(table, 5), runs_today=True)

    assert compared(found) == (
        "That is $10.00 a month more than what runs today, which keeps 90.00% for $10.00."
    )


def test_where_nothing_runs_today_nothing_is_compared(tmp_path: Path) -> None:
    table = Table(dearer(up_to(10)), dearer(up_to(10)))

    found = tuning(tmp_path, table).found(tried(table, 5), runs_today=False)

    assert (found.today, found.saving) == (None, None)
    assert compared(found) == "Nothing was given as --config to compare it with."


def test_the_file_begins_with_what_it_is(tmp_path: Path) -> None:
    table = Table(dearer(up_to(10)), dearer(up_to(10)))
    made = tuning(tmp_path, table)
    found = made.found(tried(table, 5), runs_today=True)
    assert found.recommended is not None

    lines = heading(made, TRACE, found, found.recommended).splitlines()

    assert lines[0].startswith("# Recommended by `autoscaler tune`: on the last 3 h of steady")
    assert all(line.startswith("# ") and len(line) <= 100 for line in lines)
    assert "for $20.00 a month" in " ".join(lines).replace("\n# ", " ").replace("# ", "")


def test_only_options_that_nobody_has_fixed_are_searched(tmp_path: Path) -> None:
    table = Table(dearer(up_to(10)), dearer(up_to(10)))

    field = field_of(base(tmp_path), PARTS, table, ("depth",))  # type: ignore[arg-type]

    assert field.policies.keys() == {"depth"}
    assert field.fleet.keys() == {"period", "max_launches_per_tick"}


def test_machines_share_a_study_of_the_same_and_of_nothing_else(tmp_path: Path) -> None:
    table = Table(dearer(up_to(10)), dearer(up_to(10)))
    made = tuning(tmp_path, table)

    assert made.about() == tuning(tmp_path, table).about()
    others = [
        replace(made, base=made.base.with_(tried(table, 5)[0].candidate)),
        replace(made, parts=split(steady(36_000.0, every=20.0), 600.0)),
        replace(made, field=Field(made.field.policies, {"period": OneOf(("1m", "2m"))})),
    ]
    assert all(other.about() != made.about() for other in others)
