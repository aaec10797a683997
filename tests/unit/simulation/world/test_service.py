"""A service that our own controller steers, in a simulated world: who goes, and when."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from support.simulated import a_trace, at_once

from autoscaler.core.rules import FleetRules, Limits, Policy, QueueRules, Rulebook
from autoscaler.core.service import ScaleIn, ServiceRules
from autoscaler.simulation.drivers import OurController
from autoscaler.simulation.kernel.tasks import PROTECTED_SECONDS
from autoscaler.simulation.knobs import Knobs, StartUp
from autoscaler.simulation.run import Run, TaskEnd
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.writing_down import Keep
from autoscaler.worker.protection import IDLE_SECONDS
from policies.budget import Budget
from policies.depth import Depth

AT_ONCE = at_once(poll=20.0, back_off=0.0)


def run(
    trace: Trace, scale_in: ScaleIn, *more: Policy, knobs: Knobs = AT_ONCE, least: int = 0
) -> Run:
    policies = {str(number): each for number, each in enumerate((Depth(1), *more))}
    fleet = FleetRules(
        "f",
        (QueueRules("jobs", policies),),
        Limits(least, 10, 10),
        service=ServiceRules(scale_in),
    )
    driver = OurController(Rulebook("test", 60.0, (fleet,)), Keep())
    return simulate(trace, knobs, driver, seed=1, subject="service")


def soon(*, protected: bool) -> ScaleIn:
    return ScaleIn(stabilization=0.0, cooldown=0.0, protected=protected)


def test_the_first_message_wakes_a_service_of_none() -> None:
    done = run(a_trace([10.0], 50.0), ScaleIn(), knobs=Knobs())
    assert done.messages.started_at[0] == 60.0 + 35.0
    assert done.api_calls["UpdateService"] == 1
    assert "RunTask" not in done.api_calls
    looks = [done.api_calls[each] for each in ("DescribeServices", "DescribeScalableTargets")]
    assert looks == [done.ticks, done.ticks]


def test_its_tasks_do_not_leave_by_themselves() -> None:
    done = run(a_trace([10.0], 50.0, seconds=3600.0), ScaleIn(), least=1)
    assert done.tasks.end.tolist() == [TaskEnd.ALIVE]
    assert done.tasks.billed_seconds.tolist() == [3600.0]


def test_a_lull_shorter_than_the_stabilization_takes_nobody_away() -> None:
    """Both tasks were wanted at 60 s, and that counts for five minutes."""
    trace = a_trace([10.0, 11.0, 250.0, 251.0], 20.0, seconds=900.0)
    done = run(trace, ScaleIn(stabilization=300.0, cooldown=0.0, protected=True))
    assert len(done.tasks) == 2
    assert done.messages.started_at.tolist() == [60.0, 60.0, 250.0, 251.0]
    assert done.tasks.left_at.tolist() == [360.0, 360.0]


def test_a_protected_task_is_stopped_once_it_has_been_idle_for_a_while() -> None:
    """Two tasks from 60 s on, wanted until one message is done; the other takes until 260 s."""
    trace = a_trace([10.0, 10.0], [10.0, 200.0], seconds=900.0)
    done = run(trace, soon(protected=True))
    assert done.tasks.end.tolist() == [TaskEnd.STOPPED, TaskEnd.STOPPED]
    assert done.tasks.left_at.tolist() == [120.0, 300.0]
    assert done.messages.finished_at.tolist() == [70.0, 260.0]


def test_where_all_are_protected_one_goes_between_two_looks() -> None:
    """At 240 s one task is enough. Both are protected: one works, one did 3 s ago."""
    done = run(a_trace([10.0, 10.0], [177.0, 440.0], seconds=900.0), soon(protected=True))
    assert done.messages.finished_at.tolist() == [237.0, 500.0]
    assert done.tasks.left_at.tolist() == [237.0 + PROTECTED_SECONDS, 540.0]


def test_a_surplus_task_that_gets_a_message_in_time_stays() -> None:
    """At 240 s one is enough; a second later another message comes, to whoever is idle."""
    trace = a_trace([10.0, 10.0, 241.0], [177.0, 440.0, 10.0], seconds=900.0)
    done = run(trace, soon(protected=True))
    assert done.messages.started_at[2] == 241.0
    assert done.tasks.left_at.tolist() == [251.0 + PROTECTED_SECONDS, 540.0]


def test_a_busy_task_is_stopped_where_nothing_protects_it_and_its_work_comes_back() -> None:
    """The newest goes, and it is the one at work: 25 s of grace do not suffice for 200 s."""
    trace = a_trace([10.0, 10.0], [10.0, 200.0], seconds=900.0)
    done = run(trace, soon(protected=False))
    assert done.tasks.end.tolist() == [TaskEnd.STOPPED, TaskEnd.STOPPED]
    assert done.tasks.left_at.tolist() == [360.0, 120.0 + 25.0]
    assert done.messages.receives.tolist() == [1, 2]
    assert done.messages.finished_at.tolist() == [70.0, 145.0 + 200.0]


def test_where_nothing_protects_no_fewer_are_kept_than_messages_are_in_flight() -> None:
    trace = a_trace([10.0] * 6, [200.0] * 6, seconds=900.0)
    done = run(trace, soon(protected=False))
    assert done.messages.receives.tolist() == [1] * 6
    assert (done.tasks.left_at == 300.0).all()


def test_a_task_that_fails_to_start_is_replaced_at_once() -> None:
    knobs = replace(Knobs(), start_up=StartUp(failures=0.5))
    done = run(a_trace([10.0] * 5, 20.0, seconds=600.0), ScaleIn(), knobs=knobs)
    failed = done.tasks.end == TaskEnd.FAILED
    assert failed.any()
    assert set(done.tasks.left_at[failed]) <= set(done.tasks.launched_at)
    assert not np.isnan(done.messages.finished_at).any()


def test_a_budget_holds_new_tasks_back_at_the_price_on_demand() -> None:
    trace = a_trace(np.sort(np.append(np.arange(10.0, 3600.0, 10.0), [1800.0] * 20)), 60.0)
    held = run(trace, ScaleIn(), Budget(dollars=0.01, per="month"))
    assert len(held.tasks) < len(run(trace, ScaleIn()).tasks)
    spending = [one.observation.money for one in held.records if one.observation]
    assert {tuple(one.tariff.per_second) for one in spending} == {("FARGATE",)}


def test_its_tasks_protect_themselves_for_as_long_as_our_workers_do() -> None:
    assert PROTECTED_SECONDS == IDLE_SECONDS
