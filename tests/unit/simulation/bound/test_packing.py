"""How the schedules come about: chains, batches, a planner, and idle time squeezed out."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
from support.tiny_schedules import tiny_trace

from autoscaler.simulation.bound.case import Bill, Case, case_of
from autoscaler.simulation.bound.clairvoyant import clairvoyant
from autoscaler.simulation.bound.fitting import Load, Places, Rule, fit
from autoscaler.simulation.bound.planning import plan
from autoscaler.simulation.bound.schedule import Schedule, check, schedule_of
from autoscaler.simulation.bound.squeezing import without_idling

PLAIN = """
import numpy as np
from autoscaler.simulation.bound import clairvoyant
from autoscaler.simulation.trace import Trace
chance = np.random.default_rng(5)
trace = Trace("t", np.sort(chance.uniform(0, 900, 60)), chance.gamma(2, 15, 60), 900.0)
for slots, promise in ((1, 0.0), (1, 60.0), (4, 120.0)):
    schedule = clairvoyant(trace, slots, promise)
    print(schedule.billed_seconds, schedule.starts.tolist(), schedule.tasks.tolist())
"""


def _case(arrivals: list[float], work: list[float], slots: int, promise: float) -> Case:
    trace = tiny_trace(np.array(arrivals), np.array(work))
    return case_of(trace, slots, promise, Bill(20.0, 60.0))


def _load(case: Case) -> Load:
    return Load(case.arrivals, case.work, np.arange(len(case)), case.arrivals)


def _rule(case: Case, wait: float) -> Rule:
    return Rule(case.slots, case.promise, 20.0, 60.0, wait, 1.0, 1.0)


def _schedule(case: Case, places: Places) -> Schedule:
    schedule = schedule_of(case, places.starts, places.tasks)
    check(case, schedule)
    return schedule


def test_an_early_task_chains_what_arrived_together() -> None:
    case = _case([0.0] * 4, [100.0] * 4, 1, 300.0)
    early = _schedule(case, fit(_load(case), _rule(case, 0.0)))
    late = _schedule(case, fit(_load(case), _rule(case, 1.0)))
    assert (early.billed_seconds, late.billed_seconds) == (420.0, 480.0)


def test_a_late_task_takes_in_what_arrives_meanwhile() -> None:
    case = _case([0.0, 100.0, 200.0], [10.0] * 3, 3, 200.0)
    late = _schedule(case, fit(_load(case), _rule(case, 1.0)))
    assert (len(late.on), late.billed_seconds, late.starts.tolist()) == (1, 60.0, [200.0] * 3)


def test_the_planner_launches_when_waiting_would_need_more_tasks() -> None:
    case = _case([0.0] * 8, [100.0] * 8, 1, 300.0)
    schedule = _schedule(case, plan(_load(case), _rule(case, 0.0), 10.0))
    assert (len(schedule.on), schedule.billed_seconds) == (2, 840.0)


def test_the_planner_waits_for_as_long_as_one_task_is_enough() -> None:
    case = _case([0.0, 30.0], [5.0, 5.0], 2, 60.0)
    schedule = _schedule(case, plan(_load(case), _rule(case, 0.0), 1.0))
    assert schedule.starts.tolist() == [60.0, 60.0]


def test_the_planner_never_breaks_a_promise_of_a_random_trace() -> None:
    chance = np.random.default_rng(11)
    arrivals, work = np.sort(chance.uniform(0, 2000, 200)), chance.gamma(2, 15, 200)
    for slots in (1, 3):
        case = _case(arrivals.tolist(), work.tolist(), slots, 60.0)
        _schedule(case, plan(_load(case), _rule(case, 0.0), 2.5))


def test_idle_time_at_a_task_s_beginning_is_squeezed_out() -> None:
    case = _case([0.0, 100.0], [10.0, 100.0], 1, 80.0)
    idle = Places(np.array([0.0, 100.0]), np.array([0, 0]), np.array([0, 0]))
    squeezed = _schedule(case, without_idling(case, idle))
    assert squeezed.starts.tolist() == [80.0, 100.0]
    assert squeezed.billed_seconds == 140.0


def test_without_the_compiler_the_schedules_are_the_same() -> None:
    chance = np.random.default_rng(5)
    arrivals, work = np.sort(chance.uniform(0, 900, 60)), chance.gamma(2, 15, 60)
    trace = tiny_trace(arrivals, work)
    lines = []
    for slots, promise in ((1, 0.0), (1, 60.0), (4, 120.0)):
        here = clairvoyant(trace, slots, promise)
        lines.append(f"{here.billed_seconds} {here.starts.tolist()} {here.tasks.tolist()}")
    there = subprocess.run(
        [sys.executable, "-c", PLAIN],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.splitlines() == lines


def test_the_planner_ends_where_a_slot_is_free_and_its_task_gone_between_two_ticks() -> None:
    """A steady trickle and half an hour's promise: a tick is longer than an idle task stays."""
    arrivals = np.arange(0.0, 7200.0, 45.0)
    trace = tiny_trace(arrivals, np.full(len(arrivals), 20.0))
    assert clairvoyant(trace, 1, 1833.0).billed_seconds <= 3300.0


def test_a_message_without_work_keeps_its_place_before_one_that_starts_with_it() -> None:
    trace = tiny_trace(np.array([225.0, 282.25]), np.array([131.0, 0.0]))
    schedule = clairvoyant(trace, 1, 60.0, start_up_billed=90.0, minimum=61.5)
    assert schedule.starts.tolist() == [282.25, 282.25]
