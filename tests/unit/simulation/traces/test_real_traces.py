"""The figures of the real traces, as the table beside them has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from support.real_traces import real_trace

from autoscaler.simulation.traces import TraceError, figures, parse_work, read_table, read_trace

DAY = 86_400.0
MINUTE = 60.0


@dataclass(frozen=True)
class Row:
    """A row of that table; None where it has no figure, or a rough one."""

    name: str
    messages: int
    span: float
    rate: tuple[float, float]
    """Mean and peak a minute."""
    idc: tuple[float, float] | None
    """Over 1 and 10 minutes."""
    idle: float | None
    """Per cent, as the next."""
    cold: float | None = None
    work: tuple[float, float] | None = None
    """p50 and p99."""


TABLE = [
    Row("julia_ci_buildkite_2025", 7_763, 53 * DAY, (0.10, 82), (78, 83), 99.9, 1.0, (211, 7146)),
    Row("nasa_ipsc_1993", 18_066, 92 * DAY, (0.14, 12), (1.6, 4.6), 89, 12.9, (88, 10933)),
    Row("azure_vm_v1_2017", 631_807, 9 * DAY, (48, 1088), (295, 149), None, 0, (1500, 129750)),
    Row("azure_llm_conv_2023", 19_366, 58 * MINUTE, (332, 507), (21, 156), 0),
    Row("mooncake_conversation", 12_031, 59 * MINUTE, (204, 247), (2.8, 11), 0),
    Row("nasa_http_1995_minute", 3_461_596, 59 * DAY, (41, 409), (21, 172), 3.5),
    Row("worldcup98_minute", 1_352_804_107, 87 * DAY, (10_796, 229_426), None, 0),
    Row("nab_elb_requests_5min", 249_327, 14 * DAY, (12, 131), (52, 65), 0.2),
    Row("nab_tweets_fb_5min", 282_006, 55 * DAY, (3.6, 252), (22, 37), 0.3),
]


def near(wanted: float) -> Any:
    """As it is rounded in the table: half of the last digit that it shows."""
    digits = 0 if wanted == int(wanted) else len(f"{wanted:g}".partition(".")[2])
    return pytest.approx(wanted, abs=0.5000001 * 10**-digits)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_the_figures_of_a_real_trace(row: Row) -> None:
    found = figures(read_table(real_trace(row.name)))

    assert found.messages == row.messages
    unit = DAY if row.span >= DAY else MINUTE
    assert found.seconds / unit == pytest.approx(row.span / unit, abs=0.51)
    assert found.rate_per_minute_mean == near(row.rate[0])
    assert found.rate_per_minute_peak == near(row.rate[1])
    if row.idc:
        assert (found.idc_1_minute, found.idc_10_minutes) == tuple(map(near, row.idc))
    if row.idle is not None:
        assert 100 * found.idle_share == near(row.idle)
    assert (found.cold_share is None) == (row.cold is None)
    if row.cold is not None and row.work is not None:
        assert 100 * (found.cold_share or 0) == near(row.cold)
        work = found.work_seconds
        assert work is not None
        assert (work.p50, work.p99) == tuple(map(near, row.work))


@pytest.mark.parametrize(
    ("name", "clipped", "share"), [("azure_vm_v1_2017", 48_055, 60), ("nasa_ipsc_1993", 8, 3)]
)
def test_work_beyond_twelve_hours_is_clipped(name: str, clipped: int, share: int) -> None:
    trace = read_trace(real_trace(name))

    assert trace.work is not None
    assert trace.work.max() == 43_200
    [note] = trace.notes
    assert note.startswith(f"Clipped: {clipped:,} of {len(trace):,} messages, with {share}% of all")


def test_the_work_of_a_language_model_is_a_model_and_says_so() -> None:
    path = real_trace("azure_llm_conv_2023")

    trace = read_trace(path, work=parse_work("tokens"))

    assert trace.work is not None
    assert trace.work[0] == pytest.approx(1 + 0.0002 * 374 + 0.03 * 44)
    assert trace.notes == (
        "Work: a model and not recorded, 1 s and 0.0002 s a token in, 0.03 s a token out.",
    )
    assert read_trace(path).work is None


def test_a_year_of_a_great_site_is_too_much_to_replay_at_once() -> None:
    with pytest.raises(TraceError, match="more than 10,000,000 messages"):
        read_trace(real_trace("worldcup98_minute"))
