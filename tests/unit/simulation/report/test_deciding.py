"""Decisions that changed something, with their reasons."""

from __future__ import annotations

from dataclasses import replace

from support.records import record
from support.simulated_runs import Message, Task, run_of

from autoscaler.core.model import Cause, Decision, Reason
from autoscaler.simulation.report.deciding import decisions_of, thinned
from autoscaler.simulation.report.model import Decision as Told
from autoscaler.simulation.run import Run, TaskEnd

STARTS_AT = 1_000_000.0


def run(*tasks: Task) -> Run:
    made = run_of([Message(0, 1, 2)], tasks)
    return replace(made, trace=replace(made.trace, starts_at=STARTS_AT))


def decided(at: float, target: int | None, launched: bool) -> object:
    reasons = (Reason(Cause.WANT, f"{target} are wanted."),)
    outcomes = record().outcomes if launched else {}
    decision = Decision(target, 2, reasons)
    return record(at=STARTS_AT + at, decision=decision, outcomes=outcomes)


def test_of_our_controller_only_what_changed_something_is_told_with_its_reasons() -> None:
    ticks = [
        decided(0, 3, launched=True),
        decided(120, 3, launched=False),
        decided(240, None, launched=False),
        decided(360, 1, launched=False),
    ]
    told = decisions_of(replace(run(), records=tuple(ticks)))  # type: ignore[arg-type]
    assert [(each.at, each.target, each.launched) for each in told] == [(0, 3, 1), (360, 1, 0)]
    assert told[0].reasons == ("3 are wanted.",)


def test_of_a_peer_launches_and_stops_are_told_and_that_it_gives_no_reasons() -> None:
    task = Task(60, 70, 80, 500)
    told = decisions_of(run(task, task, replace(task, left=300, end=TaskEnd.STOPPED)))
    assert [(each.at, each.target, each.launched) for each in told] == [(60, 3, 3), (300, 2, -1)]
    assert told[1].reasons == ("It stopped 1; it tells no reason.",)


def test_of_many_the_greatest_of_each_stretch_stays_in_order() -> None:
    many = [Told(float(at), 1, 9 if at == 501 else 1, ()) for at in range(1000)]
    few = thinned(many, 10)
    assert len(few) == 10
    assert [each.at for each in few] == sorted(each.at for each in few)
    assert 501.0 in [each.at for each in few]


def test_few_stay_as_they_are() -> None:
    few = (Told(1.0, 1, 1, ()),)
    assert thinned(few, 1) == few
