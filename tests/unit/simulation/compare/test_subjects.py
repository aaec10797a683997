"""Who is compared, and by what a trial's scores are found again."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest
from support.simulated_runs import Message, trace_of

from autoscaler.core import needs
from autoscaler.core.model import Advice, Observation
from autoscaler.core.rules import FleetRules, Limits, Policy, QueueRules, Rulebook
from autoscaler.simulation.compare import trials as module
from autoscaler.simulation.compare.perfection import COARSE
from autoscaler.simulation.compare.program import program
from autoscaler.simulation.compare.subjects import Configuration, Rival, Subject, Task
from autoscaler.simulation.compare.trials import Conditions, Trial, trials
from autoscaler.simulation.knobs import Knobs, QueueKnobs, StartUp, Workers
from autoscaler.simulation.peers.options import Options
from policies.backlog import Backlog
from policies.depth import Depth

TRACE = trace_of([Message(0.0, work=10.0), Message(5.0, work=50.0)], 100.0)
TASK = Task(TRACE, Knobs(), 300.0)


DEPTH = Depth()


def book(policy: Policy = DEPTH, most: int = 10) -> Rulebook:
    queue = QueueRules("q", {"p": policy})
    return Rulebook("i", 120.0, (FleetRules("f", (queue,), Limits(max_tasks=most)),))


OURS = Configuration("ours", book())
TRIAL = Trial(OURS, TRACE.digest, Conditions())


@dataclass(frozen=True)
class Named:
    """A policy with a set among its options, written in this file."""

    names: frozenset[str] = frozenset({"a", "b", "c"})
    needs: ClassVar = (needs.counts,)

    def advise(self, seen: Observation) -> Advice:
        return Advice(want=len(self.names))


@pytest.mark.parametrize(
    "other",
    [
        replace(TRIAL, subject=Configuration("theirs", book())),
        replace(TRIAL, subject=Configuration("ours", book(Depth(11)))),
        replace(TRIAL, subject=Configuration("ours", book(Backlog(messages_per_task=10)))),
        replace(TRIAL, subject=Configuration("ours", book(most=11))),
        replace(TRIAL, subject=Rival("keda-job")),
        replace(TRIAL, digest="another"),
        replace(TRIAL, conditions=Conditions(Knobs(region="eu-west-2"))),
        replace(TRIAL, conditions=Conditions(promise=1.0)),
        replace(TRIAL, conditions=Conditions(world="w")),
        replace(TRIAL, conditions=Conditions(grid=COARSE)),
        replace(TRIAL, share=0.5),
        replace(TRIAL, seed=1),
    ],
)
def test_whatever_scores_depend_on_changes_their_key(other: Trial) -> None:
    assert other.key() != TRIAL.key()


def test_the_same_trial_has_the_same_key_in_any_process() -> None:
    assert pickle.loads(pickle.dumps(TRIAL)).key() == TRIAL.key()  # noqa: S301 - our own bytes
    assert Trial(Configuration("ours", book()), TRACE.digest, Conditions()).key() == TRIAL.key()


def test_another_program_has_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = TRIAL.key()
    monkeypatch.setattr(module, "program", lambda: "another")
    assert TRIAL.key() != before
    assert len(program()) == 64


def test_the_order_within_a_set_is_no_difference() -> None:
    one, other = Named(frozenset("abc")), Named(frozenset("cba"))
    keys = {replace(TRIAL, subject=Configuration("o", book(named))).key() for named in (one, other)}
    assert len(keys) == 1


def test_peers_of_other_options_or_workers_have_other_keys() -> None:
    rivals: list[Subject] = [
        Rival("keda-job"),
        Rival("keda-job", Options(max_tasks=3)),
        Rival("keda-job", hands="ours"),
        Rival("keda-job-eager"),
    ]
    assert len({replace(TRIAL, subject=one).key() for one in rivals}) == 4


def test_every_subject_on_every_trace_from_evenly_spread_phases_with_every_seed() -> None:
    made = list(trials([OURS, Rival("static")], [TRACE, TRACE], Conditions(), 4, [0, 1]))
    assert len(made) == 2 * 2 * 4 * 2
    assert sorted({one.share for one in made}) == [0.0, 0.25, 0.5, 0.75]


def test_a_configuration_runs_at_its_period_with_our_worker() -> None:
    assert OURS.driver(TASK).period == 120.0
    assert OURS.knobs(TASK) == TASK.knobs


def test_a_peer_runs_at_its_own_period_with_its_own_worker() -> None:
    assert Rival("keda-job").driver(TASK).period == 30.0
    assert not Rival("keda-job").knobs(TASK).workers.paid_minute
    assert Rival("keda-job", hands="ours").knobs(TASK) == TASK.knobs


def test_a_worker_that_does_not_extend_gets_the_visibility_its_batch_takes() -> None:
    """Ten messages one after another, the longest of 50 s: 500 s."""
    assert Rival("blueprint").knobs(TASK).queue.visibility == 500.0
    assert Rival("blueprint", hands="shipped").knobs(TASK).queue.visibility == 30.0
    long = replace(TASK, knobs=Knobs(queue=QueueKnobs(visibility=900.0)))
    assert Rival("blueprint").knobs(long).queue.visibility == 900.0
    day = replace(TRACE, work=np.array([40_000.0, 1.0]))
    assert Rival("blueprint").knobs(replace(TASK, trace=day)).queue.visibility == 43_200.0


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Options]:
    """What the peer called spy is told."""
    options: list[Options] = []
    monkeypatch.setattr("autoscaler.simulation.compare.subjects.PEERS", {"spy": options.append})
    return options


def test_a_peer_is_told_what_its_users_would_find_out(told: list[Options]) -> None:
    knobs = Knobs(start_up=StartUp(unbilled=10, billed=7), workers=Workers(slots=2))
    Rival("spy", Options(max_tasks=9)).driver(Task(TRACE, knobs, 120.0))
    assert told == [
        Options(max_tasks=9, slots=2, promise=120.0, mean_work=30.0, start_up=17.0, always_on=1)
    ]


def test_a_static_fleet_is_as_large_as_is_needed_99_percent_of_the_time(
    told: list[Options],
) -> None:
    """Five at once for 1 s of 100 s are the one percent; three for 2 s are not."""
    of = [Message(0.0, work=1.0)] * 2 + [Message(0.0, work=3.0)] * 3
    Rival("spy").driver(replace(TASK, trace=trace_of(of, 100.0)))
    assert told[0].always_on == 3


def test_of_no_messages_a_static_fleet_is_one_task(told: list[Options]) -> None:
    Rival("spy").driver(replace(TASK, trace=trace_of([], 100.0)))
    assert told[0].always_on == 1
