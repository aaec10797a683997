"""The controller that runs in production, in a simulated world."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest
from support.simulated import a_trace, at_once

from autoscaler.core import needs
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.model import Advice, Observation
from autoscaler.core.record import End
from autoscaler.core.rules import FleetRules, Limits, QueueRules, Rulebook, Spot
from autoscaler.core.settings import LaunchRate
from autoscaler.simulation.drivers import OurController
from autoscaler.simulation.knobs import Knobs, Launches, SpotMarket, StartUp
from autoscaler.simulation.run import PROVIDERS, Run, TaskEnd
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.writing_down import Keep
from policies.depth import Depth


def book(spot: Spot | None = None, limits: Limits | None = None, *queues: str) -> Rulebook:
    rules = tuple(QueueRules(name, {"depth": Depth(1)}) for name in queues or ("jobs",))
    fleet = FleetRules("f", rules, limits or Limits(0, 10, 10), spot=spot or Spot())
    return Rulebook("test", 120.0, (fleet,))


def run(trace: Trace, knobs: Knobs, rules: Rulebook, **named: float) -> Run:
    driver = OurController(rules, Keep())
    return simulate(trace, knobs, driver, seed=1, subject="ours", **named)  # type: ignore[arg-type]


def test_a_message_is_served_by_the_task_its_tick_launches() -> None:
    done = run(a_trace([10.0], 50.0), Knobs(), book())
    assert done.messages.started_at[0] == 120.0 + 35.0
    assert done.tasks.end.tolist() == [TaskEnd.LEFT]
    assert done.ticks == 2
    assert done.api_calls["RunTask"] == 1


def test_the_first_look_is_at_the_phase_and_the_others_a_period_apart() -> None:
    done = run(a_trace([10.0], 50.0, 500.0), Knobs(), book(), phase=45.0)
    starts = [record.at - done.trace.starts_at for record in done.records]
    assert starts == [45.0, 165.0, 285.0, 405.0]
    assert done.records[0].tick == done.trace.starts_at + 45.0


def test_every_tick_decides_and_none_meets_trouble() -> None:
    rng = np.random.default_rng(1)
    knobs = replace(
        Knobs(start_up=StartUp(jitter=0.5, failures=0.05)),
        launches=Launches(refused=0.05),
        spot=SpotMarket(interruptions_per_hour=2.0, shortages=((3000.0, 6000.0),)),
    )
    trace = a_trace(np.sort(rng.random(500) * 20_000), rng.exponential(30.0, 500))
    done = run(trace, knobs, book(Spot(share=0.5)))
    assert {record.end for record in done.records} == {End.DECIDED}
    assert {trouble for record in done.records for trouble in record.troubles} == set()
    assert not np.isnan(done.messages.finished_at).any()
    assert (done.tasks.end == TaskEnd.INTERRUPTED).any()


def test_the_controller_knows_at_each_tick_just_the_tasks_that_live() -> None:
    trace = a_trace(np.arange(0.0, 3000.0, 7.0), 40.0)
    done = run(trace, Knobs(), book())
    for record in done.records:
        now = record.at - trace.starts_at
        launched = done.tasks.launched_at < now
        alive = launched & (done.tasks.left_at > now)
        assert len(record.observation.fleet.tasks) == alive.sum()


def test_what_spot_has_no_capacity_for_is_launched_on_demand_in_the_same_tick() -> None:
    knobs = Knobs(spot=SpotMarket(shortages=((0.0, 1e6),)))
    done = run(a_trace([10.0, 11.0], 50.0), knobs, book(Spot(share=1.0)))
    assert [PROVIDERS[one].value for one in done.tasks.provider] == ["FARGATE", "FARGATE"]
    assert done.launch_failures == 2
    assert set(done.tasks.launched_at) == {120.0}


def test_a_throttled_launch_is_made_at_a_later_tick() -> None:
    knobs = Knobs(launches=Launches(burst=10, per_second=0.05))
    done = run(a_trace([10.0] * 18, 500.0), knobs, book(limits=Limits(0, 20, 20)))
    assert not np.isnan(done.messages.finished_at).any()
    assert done.launch_failures > 0


def test_launches_keep_to_the_configured_rate_whatever_aws_would_take() -> None:
    driver = OurController(
        book(limits=Limits(0, 20, 20)), rate=LaunchRate(burst=4, per_second=0.01)
    )
    done = simulate(a_trace([10.0] * 9, 500.0), Knobs(), driver, seed=1, subject="ours")
    assert done.tasks.launched_at[:6].tolist() == [120.0] * 4 + [240.0, 360.0]
    assert done.launch_failures == 0


@dataclass(frozen=True, slots=True)
class LooksAgain:
    """One task for each message, and wants to be asked again some seconds after each look."""

    seconds: float

    needs: ClassVar = (needs.counts,)

    def advise(self, seen: Observation) -> Advice:
        return Advice(want=seen.reading.visible, look_again_at=seen.now + self.seconds)


def test_a_decision_may_book_a_look_before_the_next_regular_one() -> None:
    queue = QueueRules("jobs", {"again": LooksAgain(50.5)})
    rules = Rulebook("test", 120.0, (FleetRules("f", (queue,), Limits(0, 10, 10)),))
    done = run(a_trace([10.0], 20.0, 230.0), Knobs(), rules)
    assert [one.tick - done.trace.starts_at for one in done.records] == [0, 51, 102, 120, 171, 222]


def test_a_quiet_queue_costs_no_metric() -> None:
    done = run(a_trace([10.0], 1.0, 20_000.0), Knobs(), book())
    assert done.api_calls["GetMetricData"] < 10
    assert done.api_calls["GetQueueAttributes"] == done.ticks == 167


def test_readings_show_what_cloudwatch_has_of_the_last_ten_minutes() -> None:
    """A minute is 90 s late, and ticks are on whole minutes."""
    done = run(a_trace(np.arange(0.0, 3000.0, 7.0), 40.0), Knobs(), book())
    for record in done.records[10:20]:
        minutes = record.observation.readings["jobs"].minutes
        ends = [record.at - one.ends_at for one in minutes]
        assert ends == [60.0 * n for n in range(9, 1, -1)]


def test_the_same_driver_begins_anew_in_another_world() -> None:
    driver, trace = OurController(book()), a_trace([10.0], 50.0)
    first = simulate(trace, Knobs(), driver, seed=1, subject="ours")
    second = simulate(trace, Knobs(), driver, seed=1, subject="ours")
    assert first.tasks.left_at.tolist() == second.tasks.left_at.tolist()
    assert first.api_calls == second.api_calls


def test_records_are_forgotten_unless_they_are_kept() -> None:
    done = simulate(a_trace([1.0], 5.0), at_once(), OurController(book()), seed=1, subject="x")
    assert done.records == ()


def test_a_rulebook_of_several_queues_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="here are 2 queues of 1 fleets: name one of a, b"):
        OurController(book(None, None, "a", "b"))
