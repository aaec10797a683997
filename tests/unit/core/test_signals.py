"""Signals: values that say where a number comes from, each with a key of its own."""

from __future__ import annotations

import pytest
from support.values import observation

from autoscaler.core import needs
from autoscaler.core.signals import CloudWatchExpression, CloudWatchMetric, HttpNumber, steps

CPU = CloudWatchMetric("AWS/ECS", "CPUUtilization", {"ServiceName": "s", "ClusterName": "c"})
JOBS = HttpNumber("http://jobs.internal/stats", "$.waiting")


def per_task(**changed):
    given = {"formula": "cpu / 2", "metrics": {"cpu": CPU}, **changed}
    return CloudWatchExpression(**given)


def test_the_key_of_a_metric_does_not_depend_on_the_order_of_its_dimensions():
    turned = CloudWatchMetric("AWS/ECS", "CPUUtilization", {"ClusterName": "c", "ServiceName": "s"})
    assert turned.key == CPU.key
    assert CPU.key == (
        "AWS/ECS CPUUtilization {'ClusterName': 'c', 'ServiceName': 's'} Average 60s"
    )


@pytest.mark.parametrize(
    "other",
    [
        CloudWatchMetric("AWS/ECS", "CPUUtilization", {"ServiceName": "s"}),
        CloudWatchMetric("AWS/ECS", "CPUUtilization", {"ServiceName": "s', 'ClusterName': 'c"}),
        CloudWatchMetric("AWS/ECS", "MemoryUtilization", CPU.dimensions),
        CloudWatchMetric("Mine", "CPUUtilization", CPU.dimensions),
        CloudWatchMetric("AWS/ECS", "CPUUtilization", CPU.dimensions, "p99"),
        CloudWatchMetric("AWS/ECS", "CPUUtilization", CPU.dimensions, period=300),
        per_task(),
        per_task(formula="cpu / 3"),
        per_task(metrics={}),
        per_task(metrics={}, period=120),
        JOBS,
        HttpNumber("http://jobs.internal/stats", "$.running"),
        HttpNumber("http://jobs.internal/", "$.waiting"),
    ],
)
def test_another_signal_has_another_key(other):
    assert other.key != CPU.key
    assert other == JOBS or other.key != JOBS.key


@pytest.mark.parametrize("period", [0, 30, 90, 3660])
def test_a_period_is_of_whole_minutes_and_an_hour_at_most(period):
    with pytest.raises(ValueError, match=r"^period must be in whole minutes, from 1m to 1h$"):
        CloudWatchMetric("N", "m", period=period)
    with pytest.raises(ValueError, match=r"^period must be"):
        CloudWatchExpression("1", period=period)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"metrics": {"Cpu": CPU}}, "^Cpu cannot be in a formula; write a name such as waiting$"),
        ({"metrics": {"c p": CPU}}, "^c p cannot be in a formula"),
        ({"period": 300}, "^cpu has another period than its formula; write the same$"),
        ({"metrics": {f"m{n}": CPU for n in range(101)}}, "^101 metrics are too many"),
    ],
)
def test_a_formula_that_cloudwatch_would_refuse_is_refused_at_once(changed, sentence):
    with pytest.raises(ValueError, match=sentence):
        per_task(**changed)


@pytest.mark.parametrize("time_out", [0, 10.1])
def test_a_tick_never_waits_longer_than_ten_seconds_for_an_endpoint(time_out):
    with pytest.raises(ValueError, match=r"^time_out must be more than 0 s and at most 10 s$"):
        HttpNumber("http://jobs.internal", time_out=time_out)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$", ()),
        ("$.waiting", ("waiting",)),
        ("waiting", ("waiting",)),
        ("$.jobs.waiting", ("jobs", "waiting")),
        ("jobs[0].waiting", ("jobs", 0, "waiting")),
        ("$[2][10]", (2, 10)),
        ("[2]", (2,)),
        ("$.a b-c.$d.1", ("a b-c", "$d", "1")),
    ],
)
def test_a_path_goes_through_names_and_indexes(path, found):
    assert steps(path) == found


@pytest.mark.parametrize("path", ["", ".", "$.", "$jobs", "a..b", "a.", "a[x]", "a[-1]", "[0", "]"])
def test_what_is_no_path_is_refused_in_a_sentence(path):
    with pytest.raises(ValueError, match=r"is not a path; write one such as \$\.jobs\[0\]"):
        HttpNumber("http://jobs.internal", path)


def test_a_need_of_a_signal_is_known_when_the_world_told_it():
    need = needs.signal(CPU)
    assert need.signal is CPU
    assert need.what == f"the signal {CPU.key}"
    assert need.known(observation(signals={CPU.key: 0.0}))
    assert not need.known(observation(signals={CPU.key: None}))
    assert not need.known(observation(signals={JOBS.key: 3.0}))
