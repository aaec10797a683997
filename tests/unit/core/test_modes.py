"""Modes that could not work are refused in a sentence; a season says which mode holds when."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from autoscaler.core.modes import Calendar, Mode, Modes, Shape
from autoscaler.core.windows import Season

YES, NO = {"POLL": "yes"}, {"POLL": "no"}
LONDON = ZoneInfo("Europe/London")


def at(*when: int) -> float:
    return datetime(*when, tzinfo=LONDON).timestamp()  # type: ignore[arg-type, misc]


class TestShapes:
    def test_modes_are_sized_where_either_asks_for_something_of_the_task_definition(self) -> None:
        assert not Modes("web", Shape(2)).sized
        assert Modes("web", Shape(2, cpu=256)).sized

    def test_a_service_that_leaves_needs_no_more_than_its_count(self) -> None:
        modes = Modes("web", Shape(2))
        assert modes.shape(Mode.DIRECT) == Shape(2)
        assert modes.shape(Mode.QUEUED) == Shape(0)

    @pytest.mark.parametrize("sized", [Shape(cpu=256), Shape(memory=512), Shape(environment=YES)])
    def test_a_shape_says_whether_it_asks_for_anything_of_the_task_definition(
        self, sized: Shape
    ) -> None:
        assert sized.sized
        assert not Shape(3).sized

    @pytest.mark.parametrize("direct", [Shape(), Shape(0), Shape(cpu=256)])
    def test_who_leaves_must_be_told_how_many_come(self, direct: Shape) -> None:
        with pytest.raises(ValueError, match="direct needs desired, at least 1"):
            Modes("web", direct)

    @pytest.mark.parametrize("queued", [Shape(), Shape(1), Shape(0, environment=NO)])
    def test_who_leaves_has_no_shape_when_it_has_left(self, queued: Shape) -> None:
        with pytest.raises(ValueError, match="leave queued out, or set keeps_http"):
            Modes("web", Shape(2, environment=YES), queued)

    @pytest.mark.parametrize(
        ("direct", "queued", "said"),
        [
            (Shape(0, environment=YES), Shape(1, environment=NO), "at least 1 task in both"),
            (Shape(1, environment=YES), Shape(0, environment=NO), "at least 1 task in both"),
            (Shape(1, environment=YES), Shape(environment=NO), "give desired in both"),
            (Shape(cpu=256, environment=YES), Shape(environment=NO), "give cpu in both"),
            (Shape(environment=YES), Shape(memory=512, environment=NO), "give memory in both"),
            (Shape(environment=YES), Shape(environment={"WORK": "0"}), "the same variables"),
            (Shape(environment=YES), Shape(environment=YES), "would poll in queued mode, too"),
            (Shape(2), Shape(1), "would poll in queued mode, too"),
        ],
    )
    def test_who_stays_up_must_know_in_both_modes_what_to_do(
        self, direct: Shape, queued: Shape, said: str
    ) -> None:
        with pytest.raises(ValueError, match=said):
            Modes("web", direct, queued, keeps_http=True)

    def test_who_stays_up_may_leave_its_count_to_others(self) -> None:
        Modes("web", Shape(environment=YES), Shape(environment=NO), keeps_http=True)


class TestCalendar:
    def test_the_first_and_the_last_day_are_direct_to_the_second(self) -> None:
        season = Calendar((Season("12-01", "01-06"),), "Europe/London")
        assert season.mode(at(2027, 11, 30, 23, 59, 59)) is Mode.QUEUED
        assert season.mode(at(2027, 12, 1)) is Mode.DIRECT
        assert season.mode(at(2028, 1, 6, 23, 59, 59)) is Mode.DIRECT
        assert season.mode(at(2028, 1, 7)) is Mode.QUEUED

    def test_a_year_has_each_change_once_where_seasons_touch_or_overlap(self) -> None:
        season = Calendar(
            (
                Season("12-01", "01-06"),
                Season("01-05", "01-10"),
                Season("01-11", "01-12"),
                Season("06-01", "08-31"),
            ),
            "Europe/London",
        )
        changes = [*season.changes(season.new_year(2027), season.new_year(2028))]
        assert changes == [
            (at(2027, 1, 13), Mode.QUEUED),
            (at(2027, 6, 1), Mode.DIRECT),
            (at(2027, 9, 1), Mode.QUEUED),
            (at(2027, 12, 1), Mode.DIRECT),
        ]
        assert season.mode(season.new_year(2027)) is Mode.DIRECT

    def test_a_season_of_one_year_does_not_come_back(self) -> None:
        season = Calendar((Season("2027-06-01", "2027-06-02"),), "Europe/London")
        assert [*season.changes(season.new_year(2028), season.new_year(2040))] == []

    def test_it_tells_its_own_clock(self) -> None:
        season = Calendar((Season("06-01", "06-02"),), "Europe/London")
        assert season.wall(at(2027, 6, 1)) == "Tue 2027-06-01 00:00 Europe/London"
