"""Signals from CloudWatch: the newest whole period, one question a region and role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from support.aws_settings import fleet, settings
from support.wire import Answer, Refusal, Wire

from autoscaler.aws.signals import AwsSignals
from autoscaler.core.model import Unknown
from autoscaler.core.signals import CloudWatchExpression, CloudWatchMetric, Signal

NOW = 1_700_000_040.0 + 25  # 25 s into a minute
MINUTE = 1_700_000_040.0
CPU = CloudWatchMetric("AWS/ECS", "CPUUtilization", {"ClusterName": "c", "ServiceName": "s"})
WAITING = CloudWatchMetric("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": "q"})
TASKS = CloudWatchMetric("ECS/ContainerInsights", "RunningTaskCount", {"ServiceName": "s"})
PER_TASK = CloudWatchExpression(
    "IF(tasks > 0, waiting / tasks, waiting)", {"waiting": WAITING, "tasks": TASKS}
)

Points = Mapping[float, float]


def fetch(wire: Wire, *signals: Signal, now: float = NOW) -> dict[str, float | Unknown]:
    port = AwsSignals(settings(), wire.clients)
    return dict(port.fetch({"thumbs": signals}, now)["thumbs"])


def told(wire: Wire, signal: Signal, now: float = NOW) -> float | str:
    """One signal's value, or the sentence that says why it is unknown."""
    answer = fetch(wire, signal, now=now)[signal.key]
    return answer.why if isinstance(answer, Unknown) else answer


def telling(points: Points, **rest: Any) -> Callable[[dict[str, Any]], Answer]:
    """Answer every query whose data are wanted with these points (start of period -> value)."""

    def answer(body: dict[str, Any]) -> Answer:
        shown = [query["Id"] for query in body["MetricDataQueries"] if query.get("ReturnData", 1)]
        return {
            "MetricDataResults": [
                {
                    "Id": one,
                    "Label": "x",
                    "StatusCode": "Complete",
                    "Timestamps": list(points),
                    "Values": list(points.values()),
                    **rest,
                }
                for one in shown
            ]
        }

    return answer


def asked(wire: Wire) -> dict[str, Any]:
    [body] = wire.bodies("GetMetricData")
    return body


def test_the_newest_whole_minute_counts(wire: Wire) -> None:
    wire.on("GetMetricData", telling({MINUTE - 180: 1.0, MINUTE - 60: 3.0, MINUTE - 120: 2.0}))
    assert told(wire, CPU) == 3.0


def test_zero_is_known(wire: Wire) -> None:
    wire.on("GetMetricData", telling({MINUTE - 60: 0.0}))
    assert told(wire, CPU) == 0.0


def test_a_metric_is_asked_for_with_its_dimensions_statistic_and_period(wire: Wire) -> None:
    wire.on("GetMetricData", telling({}))
    told(wire, CloudWatchMetric("N", "m", {"d": "v"}, "p99", 300))
    [query] = asked(wire)["MetricDataQueries"]
    assert query["MetricStat"] == {
        "Metric": {
            "Namespace": "N",
            "MetricName": "m",
            "Dimensions": [{"Name": "d", "Value": "v"}],
        },
        "Period": 300,
        "Stat": "p99",
    }


@pytest.mark.parametrize(("age", "known"), [(360, True), (420, False)])
def test_a_datapoint_may_be_late_by_its_period_and_five_minutes(
    wire: Wire, age: float, known: bool
) -> None:
    wire.on("GetMetricData", telling({MINUTE - age - 60: 5.0}))
    answer = told(wire, CPU)
    expected = f"CloudWatch has had no datapoint of {CPU.key} for 7 min"
    assert answer == (5.0 if known else expected)


def test_a_period_that_is_not_over_yet_does_not_count(wire: Wire) -> None:
    long = CloudWatchMetric("N", "m", period=300)
    began = MINUTE // 300 * 300
    wire.on("GetMetricData", telling({began: 9.0, began - 300: 4.0}))
    assert told(wire, long) == 4.0


def test_the_window_reaches_back_as_far_as_a_datapoint_is_of_use(wire: Wire) -> None:
    wire.on("GetMetricData", telling({}))
    long = CloudWatchMetric("N", "m", period=300)
    fetch(wire, CPU, long)
    body = asked(wire)
    assert body["EndTime"] == MINUTE
    assert body["StartTime"] == (MINUTE - 900) // 300 * 300


def test_no_datapoint_is_unknown_and_never_zero(wire: Wire) -> None:
    wire.on("GetMetricData", telling({}))
    assert told(wire, CPU) == f"CloudWatch has had no datapoint of {CPU.key} for 7 min"


@pytest.mark.parametrize("status", ["PartialData", "InternalError", "Forbidden"])
def test_an_answer_that_is_not_complete_is_unknown(wire: Wire, status: str) -> None:
    wire.on("GetMetricData", telling({MINUTE - 60: 3.0}, StatusCode=status))
    assert told(wire, CPU) == (
        f"CloudWatch answered {CPU.key} with {status}; the next tick asks again"
    )


def test_a_formula_is_asked_for_with_its_metrics_which_are_not_sent_back(wire: Wire) -> None:
    wire.on("GetMetricData", telling({MINUTE - 60: 12.5}))
    assert told(wire, PER_TASK) == 12.5
    waiting, tasks, formula = asked(wire)["MetricDataQueries"]
    assert (waiting["ReturnData"], tasks["ReturnData"]) == (False, False)
    assert waiting["MetricStat"]["Metric"]["Namespace"] == "AWS/SQS"
    assert formula["Period"] == 60


def test_formulas_with_the_same_names_do_not_meet_in_one_call(wire: Wire) -> None:
    """An id must be the only one of its call, and users write m1 in every formula."""
    wire.on("GetMetricData", telling({MINUTE - 60: 1.0}))
    other = CloudWatchExpression("tasks * 2", {"tasks": TASKS})
    fetch(wire, PER_TASK, other)
    queries = asked(wire)["MetricDataQueries"]
    assert [query["Id"] for query in queries] == [
        "s0_waiting",
        "s0_tasks",
        "s0",
        "s1_tasks",
        "s1",
    ]
    assert [query["Expression"] for query in queries if "Expression" in query] == [
        "IF(s0_tasks > 0, s0_waiting / s0_tasks, s0_waiting)",
        "s1_tasks * 2",
    ]


def test_what_is_quoted_in_a_formula_stays_as_it_is(wire: Wire) -> None:
    wire.on("GetMetricData", telling({MINUTE - 60: 1.0}))
    told(wire, CloudWatchExpression('SUM(SEARCH(\'tasks "x"\', "tasks")) + tasks', {"tasks": CPU}))
    formula = asked(wire)["MetricDataQueries"][-1]["Expression"]
    assert formula == 'SUM(SEARCH(\'tasks "x"\', "tasks")) + s0_tasks'


def test_a_formula_that_gives_several_series_is_unknown_and_says_what_to_write(
    wire: Wire,
) -> None:
    one = telling({MINUTE - 60: 1.0})

    def answer(body: dict[str, Any]) -> Answer:
        [first] = one(body)["MetricDataResults"]
        return {"MetricDataResults": [first, {**first, "Label": "y"}]}

    wire.on("GetMetricData", answer)
    assert "put SUM(...) or MAX(...) around it" in str(
        told(wire, CloudWatchExpression("SEARCH('x')"))
    )


def test_all_signals_of_all_fleets_of_a_place_share_one_call_and_none_is_asked_twice(
    wire: Wire,
) -> None:
    wire.on("GetMetricData", telling({MINUTE - 60: 1.0}))
    port = AwsSignals(settings(fleets={"a": fleet(), "b": fleet()}), wire.clients)
    found = port.fetch({"a": [CPU, WAITING], "b": [CPU]}, NOW)
    assert found == {"a": {CPU.key: 1.0, WAITING.key: 1.0}, "b": {CPU.key: 1.0}}
    assert len(asked(wire)["MetricDataQueries"]) == 2


def test_each_region_tells_its_own_value_of_the_same_metric(wire: Wire) -> None:
    def answer(body: dict[str, Any]) -> Answer:
        return telling({MINUTE - 60: 1.0 if "eu-west-2" in wire.urls[-1] else 2.0})(body)

    wire.on("GetMetricData", answer)
    chosen = settings(fleets={"a": fleet(), "b": fleet(region="us-east-1")})
    port = AwsSignals(chosen, wire.clients)
    assert port.fetch({"a": [CPU]}, NOW)["a"] == {CPU.key: 1.0}
    assert port.fetch({"b": [CPU]}, NOW)["b"] == {CPU.key: 2.0}


def test_a_call_takes_five_hundred_queries_and_a_formula_stays_with_its_metrics(
    wire: Wire,
) -> None:
    wire.on("GetMetricData", telling({MINUTE - 60: 1.0}))
    formulas = [
        CloudWatchExpression(f"{n} * waiting / tasks", dict(PER_TASK.metrics)) for n in range(200)
    ]
    found = fetch(wire, *formulas)
    sizes = [len(body["MetricDataQueries"]) for body in wire.bodies("GetMetricData")]
    assert sorted(sizes) == [102, 498]
    assert set(found.values()) == {1.0}


def test_a_formula_that_cloudwatch_refuses_takes_no_other_signal_with_it(wire: Wire) -> None:
    def answer(body: dict[str, Any]) -> Answer:
        wrong = any(
            "nonsense" in query.get("Expression", "") for query in body["MetricDataQueries"]
        )
        refusal = Refusal("ValidationError", "Error in expression 's0': nonsense.")
        return refusal if wrong else telling({MINUTE - 60: 1.0})(body)

    wire.on("GetMetricData", answer)
    nonsense = CloudWatchExpression("nonsense(")
    found = fetch(wire, CPU, nonsense)
    assert found[CPU.key] == 1.0
    unknown = found[nonsense.key]
    assert isinstance(unknown, Unknown)
    assert unknown.why.startswith(f"cannot read {nonsense.key} in CloudWatch: ")
    assert "nonsense" in unknown.why


def test_a_call_that_fails_leaves_its_signals_unknown_and_says_why(wire: Wire) -> None:
    wire.on("GetMetricData", Refusal("ThrottlingException", "Rate exceeded"))
    found = fetch(wire, CPU, WAITING)
    for answer in found.values():
        assert isinstance(answer, Unknown)
        assert answer.why.startswith("cannot read 2 signals in CloudWatch: AWS throttles")
