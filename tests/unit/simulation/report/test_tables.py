"""The numbers beside the charts."""

from __future__ import annotations

from dataclasses import replace

from support.report_examples import report as example
from support.report_examples import subject

from autoscaler.simulation.report.model import Report, Subject
from autoscaler.simulation.report.tables import (
    Row,
    answer_table,
    curves_table,
    money_table,
    runs_table,
    waits_table,
)
from autoscaler.simulation.report.verdict import judge
from autoscaler.simulation.scores import Spread

MONTH = 730 * 3600.0


def report(*subjects: Subject) -> Report:
    return replace(example(days=0.2, a_day=300, habits=()), seconds=MONTH, subjects=subjects)


def texts(row: Row) -> list[str]:
    return [each.text.replace("\N{NO-BREAK SPACE}", " ") for each in row.cells]


def first(subject: Subject) -> Row:
    made = report(subject)
    return answer_table(made, judge(made)).rows[0]


def test_the_first_table_tells_money_promise_distance_and_waits() -> None:
    scored = subject(
        "a",
        cost_usd=9.0,
        control_cost_usd=1.0,
        promise_kept_ratio=0.9975,
        ratio_to_clairvoyant=1.04,
        ratio_to_bound=1.112,
        wait_seconds=Spread(1.0, 95.0, 99.0, 3600.0, 9.0),
    )
    row = first(scored)
    assert texts(row) == ["a", "$10.00", "99.75 %", "4.0 to 11 %", "1 min 35 s", "1 h"]
    assert row.mark == "keeps"


def test_what_went_wrong_stands_under_the_name() -> None:
    scored = subject("a", unfinished=3, launch_failures=1, interruptions=2)
    row = first(scored)
    assert row.cells[0].beside == "3 messages never finished; 1 launch failed; 2 tasks interrupted"
    assert row.mark == "breaks"


def test_a_wait_without_an_end_is_no_number() -> None:
    none = Spread(None, None, None, None, None)
    assert texts(first(subject("a", wait_seconds=none)))[-2:] == ["for ever", "for ever"]
    assert texts(first(subject("a", wait_seconds=none, messages=0)))[-1] == "\N{EN DASH}"


def test_other_seeds_and_phases_are_told_as_a_range() -> None:
    one = subject("a", cost_usd=9.0, control_cost_usd=0.0)
    other = replace(one.scores, cost_usd=12.0)
    assert first(replace(one, others=(other,))).cells[1].beside == "$9.00 to $12.00"
    assert first(replace(one, others=(one.scores,))).cells[1].beside == ""


def test_late_messages_are_counted() -> None:
    scored = subject("a", messages=1000, promise_kept_ratio=0.99)
    assert texts(waits_table(judge(report(scored))).rows[0])[5] == "10"


def test_money_stands_by_provider_and_a_provider_without_a_price_has_none() -> None:
    paid = replace(subject("a", cost_usd=4.0, control_cost_usd=0.5), money={"FARGATE": 4.0})
    unknown = replace(subject("b", cost_usd=None), money={"control": 0.5})
    made = report(paid, unknown)
    table = money_table(made, judge(made))
    assert table.heads == ("Policy", "Fargate", "requests and metrics", "Together")
    assert [texts(row) for row in table.rows] == [
        ["a", "$4.00", "\N{EN DASH}", "$4.50"],
        ["b", "\N{EN DASH}", "$0.50", "\N{EN DASH}"],
    ]


def test_the_curves_are_told_in_dollars_from_the_shortest_promise_on() -> None:
    made = report()
    rows = curves_table(replace(made, curves=tuple(reversed(made.curves)))).rows
    assert texts(rows[0])[0] == "0 s"
    assert len(rows) == len(made.curves)


def test_the_rest_is_counted() -> None:
    row = runs_table(judge(report(subject("a", launches=1234)))).rows[0]
    assert texts(row)[1] == "1,234"
