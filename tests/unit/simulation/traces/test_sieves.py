"""A stretch, a share, several together: what becomes of the messages and of the time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autoscaler.simulation.trace import MONDAY, Trace
from autoscaler.simulation.traces import Thin, TraceError, cut, merge, thin


def trace(arrivals: Any, work: Any = None, seconds: float = 100.0, name: str = "t") -> Trace:
    told = None if work is None else np.array(work, dtype=float)
    return Trace(name, np.array(arrivals, dtype=float), told, seconds)


class TestCut:
    def test_the_start_becomes_second_0_and_the_end_is_left_out(self) -> None:
        found = cut(trace([0, 10, 15, 20, 30], [1, 2, 3, 4, 5]), 10, 20)

        assert found.arrivals.tolist() == [0, 5]
        assert found.work is not None
        assert found.work.tolist() == [2, 3]
        assert (found.seconds, found.starts_at) == (10.0, MONDAY + 10)
        assert found.notes == ("Cut: from 10 s to 20 s of it.",)

    def test_beyond_the_end_there_is_nothing_to_take(self) -> None:
        assert cut(trace([1]), 50, 500).seconds == 50.0
        with pytest.raises(TraceError, match="t is 1 min 40 s long; nothing of it is after"):
            cut(trace([1]), 100, 200)

    @pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5), (-1, 5), (float("nan"), 5)])
    def test_a_stretch_begins_before_it_ends(self, start: float, end: float) -> None:
        with pytest.raises(TraceError, match="begins at 0 or later, and ends after it begins"):
            cut(trace([1]), start, end)


class TestThin:
    def test_each_message_is_kept_with_the_same_chance_and_its_own_work(self) -> None:
        found = thin(trace(range(10_000), range(10_000), seconds=1e4), 0.25, seed=2)

        assert 2300 < len(found) < 2700
        assert found.work is not None
        assert found.work.tolist() == found.arrivals.tolist()
        assert found.seconds == 1e4
        assert found.notes == ("Thinned: each message kept with a chance of 0.25, seed 2.",)

    def test_of_counts_binomially_many_are_kept_and_what_is_unknown_stays_so(self) -> None:
        counts = np.array([1e6, np.nan, 0.0])

        kept = Thin(0.001).sift()({"t_s": np.arange(3.0), "count": counts})["count"]

        assert 850 < kept[0] < 1150
        assert np.isnan(kept[1])
        assert kept[2] == 0

    @pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
    def test_a_share_is_from_0_to_1(self, share: float) -> None:
        with pytest.raises(TraceError, match="a share is from 0 to 1, and not"):
            thin(trace([1]), share)


class TestMerge:
    def test_messages_come_in_order_with_their_work(self) -> None:
        found = merge([trace([1, 5], [10, 50], name="a"), trace([0, 5], [1, 2], 200, name="b")])

        assert found.arrivals.tolist() == [0, 1, 5, 5]
        assert found.work is not None
        assert found.work.tolist() == [1, 10, 50, 2]
        assert (found.name, found.seconds) == ("a+b", 200.0)
        assert found.notes == ("Merged: a and b.",)

    def test_all_tell_their_work_or_none(self) -> None:
        assert merge([trace([1]), trace([2])]).work is None
        with pytest.raises(TraceError, match="b does not tell the work of its messages, and"):
            merge([trace([1], [1], name="a"), trace([2], name="b")])

    def test_nothing_cannot_be_merged(self) -> None:
        with pytest.raises(TraceError, match="there is no trace to merge"):
            merge([])
