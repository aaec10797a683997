"""How long one decision takes: five policies asked, combined, bounded, with reasons.

``python benchmarks/decision.py`` prints a table, ``--json`` one object. Takes a few seconds.

What is measured: a busy queue with ten known minutes and ten tasks, learned work and arrivals, and
policies that keep notes. An empty decision is the same observation with no policy at all. The
fastest of many rounds counts: a busy computer can only make a decision look slow.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping

from autoscaler.core.advice import ask
from autoscaler.core.decide import decide
from autoscaler.core.learned import Learned, Mean, QueueLearned
from autoscaler.core.model import Minute, Observation, Reading
from autoscaler.core.rules import FleetRules, Policy, QueueRules
from autoscaler.core.signals import CloudWatchMetric
from autoscaler.core.tasks import Fleet, Provider, Task, TaskState
from policies.age_steps import AgeSteps, Step
from policies.backlog import Backlog
from policies.cost_window import CostWindow
from policies.drain_rate import DrainRate
from policies.target_tracking import TargetTracking

NOW = 1_700_000_040.0
CPU = CloudWatchMetric("AWS/ECS", "CPUUtilization", {"ClusterName": "c", "ServiceName": "s"})
ROUNDS, DECISIONS = 500, 20
"""Many short rounds: a few of them run without a neighbour on the processor."""

POLICIES: Mapping[str, Policy] = {
    "backlog": Backlog(acceptable_wait=300.0, tolerance=0.1),
    "age_steps": AgeSteps(steps=(Step(300.0, add=1), Step(600.0, add=2))),
    "drain_rate": DrainRate(drain_within=600.0),
    "target_tracking": TargetTracking(60.0, metric=CPU),
    "cost_window": CostWindow(
        days="mon-fri", from_="08:00", to="20:00", timezone="Europe/London", at_most=8
    ),
}
NOTES = {
    "jobs/age_steps": {},
    "jobs/target_tracking": {"low_since": NOW - 240, "low_at": NOW - 120},
}


def observation() -> Observation:
    """A queue at work: 250 messages wait, the oldest for 11 minutes, ten tasks run."""
    minutes = tuple(
        Minute(NOW - 60 * n, sent=100.0, deleted=90.0, oldest_age=660.0 - 60 * n)
        for n in reversed(range(10))
    )
    tasks = tuple(
        Task(f"task-{n}", "workers", Provider.FARGATE, TaskState.RUNNING, started_at=NOW - 600)
        for n in range(10)
    )
    return Observation(
        now=NOW,
        tick=int(NOW),
        next_tick_at=NOW + 120,
        readings={"jobs": Reading("jobs", NOW, 250, 20, 0, minutes)},
        fleet=Fleet(tasks),
        learned=Learned(
            {"FARGATE": Mean(450.0, 10.0)}, {"jobs": QueueLearned(Mean(200, 20), Mean(33, 20))}
        ),
        signals={CPU.key: 35.0},
    )


def rules(policies: Mapping[str, Policy]) -> FleetRules:
    """One fleet, one queue."""
    return FleetRules("workers", (QueueRules("jobs", policies),))


def microseconds(call: Callable[[], object]) -> float:
    """Of one call, in the fastest round, in this thread's own time."""
    fastest = float("inf")
    for _ in range(ROUNDS):
        began = time.thread_time()
        for _ in range(DECISIONS):
            call()
        fastest = min(fastest, time.thread_time() - began)
    return fastest * 1e6 / DECISIONS


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one object for programs")
    as_json = parser.parse_args().json
    seen, five, none = observation(), rules(POLICIES), rules({})
    assert len(decide(seen, five, NOTES).heard) == 5
    whole = microseconds(lambda: decide(seen, five, NOTES))
    empty = microseconds(lambda: decide(seen, none, {}))
    if as_json:
        found = {"microseconds": round(whole, 1), "ratio_to_empty": round(whole / empty, 1)}
        print(json.dumps(found))
        return
    print(f"{'':<40}{'microseconds':>14}")
    print(f"{'a decision with five policies':<40}{whole:>14.1f}")
    for name, policy in POLICIES.items():
        shown = seen.of("jobs", NOTES.get(f"jobs/{name}"))
        took = microseconds(lambda policy=policy, shown=shown, name=name: ask(policy, shown, name))
        print(f"{'    asking ' + name:<40}{took:>14.1f}")
    print(f"{'an empty decision':<40}{empty:>14.1f}")
    print(f"{'    times as long as that':<40}{whole / empty:>14.1f}")


if __name__ == "__main__":
    main()
