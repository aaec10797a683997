"""CloudWatch's statistics and the periods they are computed in."""

from __future__ import annotations

import pytest

from autoscaler.local.corrections.statistics import Sample, by_period, statistic

VALUES = [Sample.of(0, value) for value in (4.0, 1.0, 3.0, 2.0)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sum", 10),
        ("SampleCount", 4),
        ("Average", 2.5),
        ("Minimum", 1),
        ("Maximum", 4),
        ("p0", 1),
        ("p50", 2.5),
        ("p100", 4),
    ],
)
def test_a_statistic_of_values(name: str, expected: float) -> None:
    assert statistic(name, VALUES) == expected


def test_a_statistic_set_counts_as_many_samples() -> None:
    samples = [Sample.of(0, 1.0), Sample(0, total=9.0, least=2.0, most=5.0, count=3.0)]
    found = [statistic(each, samples) for each in ("SampleCount", "Average", "Minimum", "Maximum")]
    assert found == [4, 2.5, 1, 5]


@pytest.mark.parametrize("name", ["tm90", "p101", "median", ""])
def test_an_unknown_statistic_is_said_to_be_unknown(name: str) -> None:
    with pytest.raises(ValueError, match="not known here"):
        statistic(name, VALUES)


def test_periods_begin_on_whole_multiples_whenever_the_samples_came() -> None:
    samples = [Sample.of(at, 1.0) for at in (125.0, 59.9, 60.0, 119.0)]
    assert [(at, len(each)) for at, each in by_period(samples, 60).items()] == [
        (0, 1),
        (60, 2),
        (120, 1),
    ]
