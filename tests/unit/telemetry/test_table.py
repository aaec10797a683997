"""The table of metrics is what is served, to the letter, and nothing else is served."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from prometheus_client import (
    CollectorRegistry,
    disable_created_metrics,
    enable_created_metrics,
    generate_latest,
)
from prometheus_client.parser import text_string_to_metric_families
from support import values
from support.records import record

from autoscaler.core.cost import Tariff, TaskSize
from autoscaler.core.instance_groups import Tending
from autoscaler.core.model import Advice, Decision, Heard, Minute
from autoscaler.core.record import Record
from autoscaler.core.service import Service
from autoscaler.core.spending import Money
from autoscaler.telemetry.emf import figures
from autoscaler.telemetry.metrics import Metrics
from autoscaler.telemetry.table import ROWS, Kind, Row, controller, dispatch, worker
from autoscaler.worker.telemetry.meter import Figures
from autoscaler.worker.telemetry.page import page

ENDS = {Kind.COUNTER: "_total", Kind.INFO: "_info"}
OF_A_DISTRIBUTION = {"le", "quantile"}
ALL = list(dict.fromkeys((*ROWS, *dispatch.ROWS)))


@pytest.fixture(autouse=True)
def _as_the_service_is() -> Iterator[None]:
    disable_created_metrics()
    yield
    enable_created_metrics()


def everything_known() -> Record:
    """A tick in which everything that can be known was known."""
    reading = values.reading(visible=3, dead_letters=1, minutes=(Minute(60.0, oldest_age=5.0),))
    money = Money(Tariff(TaskSize(0.25, 0.5)), 1.25)
    seen = values.observation(reading, live=2, money=money, service=Service("svc", 2))
    heard = (Heard("q", "depth", Advice(want=4)),)
    plain = record()
    assert plain.decision
    reasons = plain.decision.reasons
    group = Tending("workers", needed=1, standing={"ready": 1})
    return record(observation=seen, decision=Decision(4, 2, reasons, heard), tending=group)


def served_by_a_controller() -> str:
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    metrics.write(everything_known())
    metrics.ticks_every(120.0)
    metrics.notifies(["on-call"])
    return generate_latest(registry).decode()


def served_by_a_worker() -> str:
    return page({"q": Figures(received=1, waits_count=1)})


def described(exposition: str) -> Mapping[str, Any]:
    """Type, help and labels of every metric, by its whole name."""
    found = {}
    for family in text_string_to_metric_families(exposition):
        kind = Kind.INFO if family.name.endswith("_info") else Kind(family.type)
        name = family.name.removesuffix("_info") + ENDS.get(kind, "")
        assert family.samples, f"{name} has no series"
        labels = {key for sample in family.samples for key in sample.labels} - OF_A_DISTRIBUTION
        found[name] = (kind, family.documentation, labels)
    return found


@pytest.mark.parametrize(
    ("exposition", "rows"),
    [(served_by_a_controller, controller.ROWS), (served_by_a_worker, worker.ROWS)],
)
def test_the_table_is_what_is_served_and_no_more(exposition: Any, rows: tuple[Row, ...]) -> None:
    table = {row.name: (row.kind, row.meaning, set(row.labels)) for row in rows}

    assert described(exposition()) == table


def test_no_two_rows_are_of_one_metric() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ALL, ids=lambda row: row.name)
def test_a_row_tells_what_to_do_in_sentences(row: Row) -> None:
    for text in (row.meaning, row.moves):
        assert re.fullmatch(r"[A-Za-z0-9].*\.", text)
        assert "|" not in text, "it stands in a table"


@pytest.mark.parametrize("row", ALL, ids=lambda row: row.name)
def test_every_metric_a_row_refers_to_is_there(row: Row) -> None:
    named = re.findall(r"autoscaler_\w+", row.moves)

    assert {row.name for row in ALL}.issuperset(named)


def test_what_a_lambda_logs_are_metrics_of_the_table_with_their_labels() -> None:
    labels = {row.name: set(row.labels) for row in ROWS}

    logged = [*figures(everything_known())]

    assert len({figure.name for figure in logged}) > 5
    for figure in logged:
        assert {key for key, _ in figure.labels} == labels[figure.name], figure.name
