"""What a worker counts, and how CloudWatch and Prometheus are told."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from autoscaler.local.emf import metrics_in
from autoscaler.worker.hooks import Event
from autoscaler.worker.message import Message
from autoscaler.worker.telemetry.emf import MOST_VALUES, EmfLines
from autoscaler.worker.telemetry.hook import Telemetry
from autoscaler.worker.telemetry.meter import Figures, Meter
from autoscaler.worker.telemetry.page import page


class TestMeter:
    def test_busy_seconds_are_summed_over_slots(self) -> None:
        meter = Meter()
        meter.started("a", 0, None)
        meter.started("b", 1, None)
        meter.done("a", 3)
        meter.failed("b", 5)
        assert meter.figures.busy_seconds == 3 + 4

    def test_long_work_counts_while_it_goes_on_and_no_second_counts_twice(self) -> None:
        meter = Meter()
        meter.started("a", 0, None)
        meter.settle(10)
        assert meter.figures.busy_seconds == 10
        meter.settle(15)
        meter.given_back("a", 20)
        meter.settle(100)
        assert meter.figures.busy_seconds == 20

    def test_a_clock_that_is_set_back_takes_nothing_away(self) -> None:
        meter = Meter()
        meter.started("a", 10, None)
        meter.settle(5)
        meter.done("a", 4)
        assert meter.figures.busy_seconds == 0

    def test_what_was_never_started_is_not_busy(self) -> None:
        meter = Meter()
        meter.given_back("a", 5)
        assert (meter.figures.given_back, meter.figures.busy_seconds) == (1, 0)


class TestEmf:
    def test_a_line_is_what_cloudwatch_reads(self) -> None:
        figures = Figures(received=3, done=2, failed=1, busy_seconds=1.5, waits=[0.25, 4])
        (line,) = EmfLines("jobs").lines(figures, now=1000)
        read = {each.name: each for each in metrics_in(json.dumps(line))}
        assert {name: each.values for name, each in read.items()} == {
            "Received": (3,), "Done": (2,), "Failed": (1,), "BusySlotSeconds": (1.5,),
            "WaitSeconds": (0.25, 4),
        }  # fmt: skip
        assert {each.dimensions for each in read.values()} == {(("QueueName", "jobs"),)}
        assert {each.namespace for each in read.values()} == {"Autoscaler/Worker"}
        assert (read["Done"].unit, read["WaitSeconds"].unit) == ("Count", "Seconds")
        assert read["Done"].at == 1000

    def test_each_line_has_only_what_is_new_and_nothing_new_is_no_line(self) -> None:
        lines, figures = EmfLines("jobs"), Figures(done=2)
        list(lines.lines(figures, 0))
        assert list(lines.lines(figures, 1)) == []
        figures.done = 5
        (line,) = lines.lines(figures, 2)
        assert line["Done"] == 3

    def test_more_waits_than_a_line_carries_are_on_more_lines(self) -> None:
        figures = Figures(waits=[1.0] * (2 * MOST_VALUES + 1))
        found = list(EmfLines("jobs").lines(figures, 0))
        assert [len(each["WaitSeconds"]) for each in found] == [100, 100, 1]
        assert ["Done" in each for each in found] == [True, False, False]
        assert figures.waits == []


def test_the_page_names_every_figure_by_queue() -> None:
    told = page({"a": Figures(done=2, waits_count=1, waits_seconds=1234567.5), "b": Figures()})
    assert 'autoscaler_worker_done_total{queue="a"} 2\n' in told
    assert 'autoscaler_worker_done_total{queue="b"} 0\n' in told
    assert 'autoscaler_worker_wait_seconds_sum{queue="a"} 1234567.5\n' in told
    assert 'autoscaler_worker_wait_seconds_count{queue="a"} 1\n' in told


def event(at: float, receives: int = 1) -> Event:
    sent = datetime.fromtimestamp(100, UTC)
    return Event(Message("geheim", "m", receives, sent, receipt="r", queue="jobs"), at)


def told(telemetry: Telemetry) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    telemetry.publish(lambda name, **facts: found.append({"event": name, **facts}))
    return found


def test_the_hook_meters_each_queue_and_only_first_starts_have_waited() -> None:
    telemetry = Telemetry(["jobs", "other"], publish_every=60)
    for step, at, receives in (
        ("received", 101, 1), ("started", 102, 1), ("failed", 104, 1),
        ("started", 110, 2), ("done", 113, 2), ("given_back", 114, 2),
    ):  # fmt: skip
        act: Callable[[Event], None] = getattr(telemetry, step)
        act(event(at, receives))
    (line,) = told(telemetry)
    assert line["event"] == "metrics"
    assert line["QueueName"] == "jobs"
    assert (line["Received"], line["Done"], line["Failed"]) == (1, 1, 1)
    assert (line["BusySlotSeconds"], line["WaitSeconds"]) == (5, [2])
    assert "geheim" not in str(line)
    assert 'given_back_total{queue="jobs"} 1' in telemetry.page()


def test_without_publishing_no_wait_piles_up() -> None:
    telemetry = Telemetry(["jobs"], publish_every=None)
    telemetry.started(event(101))
    assert told(telemetry)[0].get("WaitSeconds") is None
    assert 'wait_seconds_sum{queue="jobs"} 1' in telemetry.page()


@pytest.mark.parametrize(("every", "lines"), [(0.01, 2), (1000, 1), (None, 0)])
def test_it_publishes_from_time_to_time_and_once_at_the_end(every: float, lines: int) -> None:
    telemetry, found, came = Telemetry(["jobs"], every), list[object](), threading.Event()

    def report(name: str, **facts: object) -> None:
        found.append(facts["Done"])
        came.set()

    with telemetry.publishing(report):
        telemetry.done(event(101))
        if lines == 2:
            assert came.wait(10)
        telemetry.done(event(102))
    assert sum(found) == (0 if every is None else 2)
    assert len(found) == lines
