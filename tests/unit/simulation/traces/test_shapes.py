"""Made traces: each has its shape, its rate and its seed."""

from __future__ import annotations

import numpy as np
import pytest

from autoscaler.simulation.trace import Trace
from autoscaler.simulation.traces import TraceError, make
from autoscaler.simulation.traces.shapes import SHAPES

DAY = 86_400.0
WEEK = 7 * DAY


def per(trace: Trace, width: float) -> np.ndarray:  # type: ignore[type-arg]
    return np.bincount((trace.arrivals // width).astype(int), minlength=int(trace.seconds // width))


def idc(trace: Trace, width: float = 60.0) -> float:
    counts = per(trace, width)
    return float(counts.var() / counts.mean())


class TestEveryShape:
    @pytest.mark.parametrize("shape", SHAPES)
    def test_has_the_rate_it_was_given(self, shape: str) -> None:
        counts = [len(make(f"{shape}:rate=5", WEEK, seed=seed)) for seed in range(12)]

        assert np.mean(counts) == pytest.approx(5 / 60 * WEEK, rel=0.06)

    @pytest.mark.parametrize("shape", SHAPES)
    def test_is_the_same_for_a_seed_and_another_for_another(self, shape: str) -> None:
        made = make(shape, DAY, seed=3)

        assert made.digest == make(shape, DAY, seed=3).digest
        assert made.digest != make(shape, DAY, seed=4).digest

    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize("seconds", [1.0, 100.5, 3600.0, DAY])
    def test_lies_within_its_time_in_order(self, shape: str, seconds: float) -> None:
        made = make(f"{shape}:rate=60", seconds)

        assert made.seconds == seconds
        assert (np.diff(made.arrivals) >= 0).all()
        assert ((made.arrivals >= 0) & (made.arrivals < seconds)).all()

    @pytest.mark.parametrize("shape", SHAPES)
    def test_of_no_messages_is_an_empty_trace(self, shape: str) -> None:
        assert len(make(f"{shape}:rate=0", DAY)) == 0

    def test_says_how_it_was_made(self) -> None:
        assert make("poisson:rate=2", DAY, seed=7).notes == (
            "Made: Poisson(rate=2.0) for 1 d, seed 7.",
        )


def test_poisson_has_no_bursts() -> None:
    assert idc(make("poisson:rate=20", WEEK)) == pytest.approx(1.0, abs=0.06)


def test_diurnal_peaks_at_noon_and_rests_at_weekends() -> None:
    hours = per(make("diurnal:rate=20,swing=0.8,weekend=0.5", WEEK), 3600).reshape(7, 24)

    assert hours.sum(0)[12] / hours.sum(0)[0] == pytest.approx(9, rel=0.25)
    assert hours[5:].mean() / hours[:5].mean() == pytest.approx(0.5, rel=0.05)


def test_on_and_off_is_nothing_and_then_a_burst() -> None:
    minutes = per(make("onoff:rate=30,on=10m,off=50m", WEEK), 60)

    assert (minutes == 0).mean() == pytest.approx(0.8, abs=0.1)
    assert minutes[minutes > 0].mean() > 100


def test_a_flash_crowd_comes_once_and_fades() -> None:
    minutes = per(make("flash:rate=30,peak=50,at=0.25,rise=2m,fade=30m", DAY), 60)

    before, crowd, after = minutes[:360].mean(), minutes[362:367].mean(), minutes[720:].mean()
    assert before == pytest.approx(after, rel=0.1)
    assert crowd / before == pytest.approx(47, rel=0.15)
    assert minutes[391:393].mean() / crowd == pytest.approx(1 / np.e, rel=0.25)


def test_an_upload_brings_its_files_at_its_own_pace() -> None:
    made = make("bulk:rate=1,files=1000,per_second=20", 4 * WEEK)

    gaps = np.diff(made.arrivals)
    assert np.median(gaps) == pytest.approx(0.05, abs=0.002)
    assert 1000 * (1 + (gaps > 60).sum()) == pytest.approx(len(made), rel=0.5)


def test_all_jobs_of_a_build_arrive_in_the_same_instant_in_working_hours() -> None:
    made = make("ci:rate=1,jobs=80,working=0.9", 4 * WEEK)

    builds, jobs = np.unique(made.arrivals, return_counts=True)
    working = (builds // DAY % 7 < 5) & (builds % DAY >= 9 * 3600) & (builds % DAY < 18 * 3600)
    assert jobs.mean() == pytest.approx(80, rel=0.15)
    assert jobs[working].sum() / len(made) == pytest.approx(0.9, abs=0.05)
    assert idc(made) > 50


@pytest.mark.parametrize(
    ("shape", "seconds", "says"),
    [
        ("cauchy", DAY, "there is no shape 'cauchy'; there is poisson, diurnal"),
        ("poisson:rate=1e8", DAY, "make about 144,000,000,000 messages, and 5,000,000 is the most"),
        ("poisson", 0, "a trace can last up to ten years, and not 0 seconds"),
        ("poisson", 1e9, "a trace can last up to ten years, and not 1e+09 seconds"),
        ("onoff:on=0,off=0", DAY, "bursts of 0 s are too many to make; let them last longer"),
        ("diurnal:swing=2", DAY, "shape diurnal: swing=2: Input should be less than or equal to 1"),
    ],
)
def test_a_mistake_is_told(shape: str, seconds: float, says: str) -> None:
    with pytest.raises(TraceError) as told:
        make(shape, seconds)

    assert says in str(told.value)
