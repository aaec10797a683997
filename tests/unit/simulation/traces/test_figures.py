"""The figures of a trace, on cases that one can count by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autoscaler.simulation.traces import Counts, Events, Figures, figures
from autoscaler.simulation.traces.figures import POINTS
from autoscaler.simulation.traces.picture import picture
from autoscaler.simulation.traces.table import About


def events(arrivals: list[float], seconds: float, **columns: Any) -> Figures:
    values = {name: np.array(each, dtype=float) for name, each in columns.items()}
    return figures(Events(About("t", seconds), {"arrival_s": np.array(arrivals), **values}))


def counts(values: list[float], width: float, **columns: Any) -> Figures:
    starts = np.arange(len(values)) * width
    found = {name: np.array(each, dtype=float) for name, each in columns.items()}
    columns = {"t_s": starts, "count": np.array(values), **found}
    return figures(Counts(About("t", len(values) * width), columns, width))


def test_rates_are_by_the_minute_and_the_last_part_of_one_counts_as_one() -> None:
    found = events([0.0, 1.0, 2.0, 61.0, 130.0], 150.0)

    assert (found.messages, found.bin_seconds) == (5, 60.0)
    assert found.rate_per_minute_mean == 2.0
    assert found.rate_per_minute_peak == 3.0
    assert found.rates_per_minute == (3.0, 1.0, 1.0)
    assert found.idc_1_minute == pytest.approx(np.var([3, 1, 1]) / (5 / 3))


def test_idle_is_the_share_of_minutes_without_an_arrival() -> None:
    assert events([0.0, 200.0], 300.0).idle_share == 3 / 5


def test_a_message_is_cold_if_nothing_is_in_service_when_it_arrives() -> None:
    arrivals = [0.0, 5.0, 15.0, 15.0, 40.0]

    found = events(arrivals, 60.0, work_s=[10.0, 10.0, 5.0, 20.0, 1.0])

    # the first; the third, as the second ended that instant; the last. The fourth has the third
    assert found.cold_share == 3 / 5


def test_work_is_told_as_it_was_recorded() -> None:
    work = events([0.0, 1.0, 2.0], 3.0, work_s=[10.0, 20.0, 50_000.0]).work_seconds

    assert work is not None
    assert (work.p50, work.mean, work.total) == (20.0, 50_030 / 3, 50_030.0)
    assert work.p99 == pytest.approx(50_000, rel=0.03)
    assert work.over_12_h == 1


def test_without_work_nothing_is_told_of_it() -> None:
    found = events([0.0], 1.0)

    assert (found.work_seconds, found.cold_share, found.work_fit) == (None, None, None)


def test_a_trace_without_a_message_has_no_burstiness() -> None:
    found = events([], 600.0, work_s=[])

    assert (found.messages, found.idle_share, found.rate_per_minute_peak) == (0, 1.0, 0.0)
    assert (found.idc_1_minute, found.idc_10_minutes) == (None, None)
    assert (found.work_seconds, found.cold_share) == (None, None)


@pytest.mark.parametrize(("width", "seconds"), [(10.0, 60.0), (60.0, 60.0), (300.0, 300.0)])
def test_counts_have_bins_of_a_minute_or_their_own_if_those_are_wider(
    width: float, seconds: float
) -> None:
    found = counts([6.0] * 120, width)

    assert found.bin_seconds == seconds
    assert found.rate_per_minute_mean == found.rate_per_minute_peak == 360 / width
    assert found.idc_1_minute == found.idc_10_minutes == 0.0


def test_bins_above_ten_minutes_tell_nothing_of_ten() -> None:
    assert counts([1.0, 2.0], 3600.0).idc_10_minutes is None


def test_what_is_unknown_counts_for_nothing_and_is_noted() -> None:
    found = counts([5.0, np.nan, np.nan, 5.0], 60.0, visible=[1, 1, np.nan, 1])

    assert found.messages == 10
    assert found.notes[0].startswith("Unknown: 1 bins (25.0% of the time)")


def test_what_was_deleted_lets_one_estimate_the_work() -> None:
    fit = counts([2.0, 2.0], 60.0, deleted=[3, 1], in_flight=[2, 2]).work_fit

    assert fit is not None
    assert fit.mean == 60.0
    assert counts([2.0, 2.0], 60.0, deleted=[0, 0], in_flight=[2, 2]).work_fit is None


def test_the_whole_time_is_told_in_sixty_stretches() -> None:
    found = events([float(second) for second in range(7 * 86_400)], 7 * 86_400.0)

    assert len(found.rates_per_minute) == POINTS == 60
    assert set(found.rates_per_minute) == {60.0}


class TestPicture:
    def test_columns_are_as_high_as_rates(self) -> None:
        assert picture([0, 1, 2, 4], 7200, height=2) == [
            "4    █",
            "0  ▄██",
            "  0 2 h",
        ]

    def test_little_is_not_nothing(self) -> None:
        assert picture([0, 0.001, 100], 60, height=2)[1] == "  0  ▁█"

    def test_of_nothing_is_empty(self) -> None:
        assert picture([0, 0], 60, height=2)[:2] == ["1", "0"]

    def test_without_block_letters(self) -> None:
        assert picture([1, 2], 60, height=2, blocks=False)[:2] == ["2  #", "0 ##"]
