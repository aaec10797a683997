"""Millions of steps through the house of faults, by chance and without hypothesis.

    python tests/faultworld/drive.py --steps 5000000 --seed 1

The same seed takes the same way. Prints its figures; ends with status 1 and the seed of the run
at the first rule that is broken.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

if __package__ is None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faultworld.house import LATEST, Habits, House
from support.faults import Faults, Launching
from support.realtasks import Real
from support.values import PERIOD

from autoscaler.core.rules import Combine

RUN = 150
"""Steps from a new house to its draining."""
FLAGS = (
    "omitting",
    "list_unknown",
    "describe_unknown",
    "queues_unknown",
    "load_fails",
    "save_fails",
    "save_lost",
    "spot_short",
)
DELAYS = (0.0, 0.0, 0.0, 1.0, 130.0, LATEST)
LIMITS = (math.inf, math.inf, 0.0, 5.0, 30.0)
SKEWS = (-1.0, 0.0, 1.0)
ENDS: tuple[Callable[[Real, float], None], ...] = (Real.leave, Real.crash, Real.interrupt)


class Walk:
    """One way through one house; in one of eight, memories and records go through their text."""

    def __init__(self, seed: str) -> None:
        self.dice = random.Random(seed)
        self.house = House(self._habits(), texts=self.dice.random() < 1 / 8)
        self.drained_in = 0

    def run(self, steps: int) -> None:
        rules, weights = zip(*RULES, strict=True)
        for rule in self.dice.choices(rules, weights, k=steps):
            rule(self)
            self.house.check()
        self.drained_in = self.house.drain()

    def _habits(self) -> Habits:
        dice = self.dice
        return Habits(
            messages_per_task=dice.randint(1, 10),
            add_to_running=dice.random() < 0.3,
            share=dice.choice((0.0, 0.3, 0.5, 1.0)),
            base=dice.randint(0, 2),
            fallback=dice.choice(("on_demand", "on_demand", "none")),
            patience=dice.choice((0.0, 0.0, 300.0)),
            confirm=dice.choice((1, 1, 2, 3)),
            min_tasks=dice.choice((0, 0, 1)),
            combine=dice.choice((Combine.MAX, Combine.SUM)),
            burst=dice.choice((3, 100)),
        )

    # ------------------------------------------------------------------------------------ rules

    def arrive(self) -> None:
        self.house.arrive(self.dice.choice("qrs"), self.dice.choice((1, 3, 30, 200)))

    def misbehave(self) -> None:
        dice = self.dice
        flags = dict.fromkeys(dice.sample(FLAGS, dice.choice((0, 1, 1, 2))), True)
        self.house.misbehave(
            Faults(
                **flags,
                list_delay=dice.choice(DELAYS),
                gone_delay=dice.choice(DELAYS),
                describe_delay=dice.choice(DELAYS),
                launching=dice.choice((Launching.GOOD, *Launching)),
                throttled_calls=dice.choice((0, 0, 1, 2)),
                accepts=dice.choice((None, None, 0, 1, 2, 5)),
                latency=dice.choice((0.0, 0.0, 0.1, 3.0)),
            )
        )

    def the_worst(self) -> None:
        """A lost answer, and lists that are late: the worst that AWS does at all often."""
        self.house.misbehave(Faults(LATEST, LATEST, LATEST, launching=Launching.LOST))
        self.house.regular_tick(PERIOD)

    def calm(self) -> None:
        self.house.misbehave(Faults())

    def tasks_start(self) -> None:
        self.house.tasks_start()

    def tasks_work(self) -> None:
        self.house.tasks_work()

    def tasks_end(self) -> None:
        which = [self.dice.randrange(10) for _ in range(self.dice.randint(1, 4))]
        self.house.tasks_end(which, self.dice.choice(ENDS))

    def crash_loop(self) -> None:
        self.house.crash_loop()

    def regular_tick(self) -> None:
        dice = self.dice
        seconds = dice.choice((1.0, 60.0, PERIOD, PERIOD, PERIOD, 700.0))
        self.house.regular_tick(seconds, dice.choice(SKEWS), dice.choice(LIMITS))

    def same_tick_again(self) -> None:
        self.house.same_tick_again(self.dice.choice(LIMITS))

    def late_tick(self) -> None:
        self.house.late_tick(self.dice.choice((1, 60, 120)))

    def another_replica_meanwhile(self) -> None:
        dice = self.dice
        at, later = dice.randrange(26), dice.choice((0, 0, 60))
        self.house.another_replica_meanwhile(at, later, dice.choice(SKEWS), dice.choice(LIMITS))

    def one_of_two_is_throttled(self) -> None:
        self.house.one_of_two_replicas_is_throttled(
            self.dice.randrange(26), self.dice.randint(0, 2), self.dice.randrange(30)
        )

    def a_refusal_is_lost(self) -> None:
        self.house.a_refusal_is_lost_and_asked_for_again(self.dice.randint(1, 2))

    def crash_within(self) -> None:
        self.house.crash_within(self.dice.randrange(26), again=self.dice.random() < 0.5)

    def pause(self) -> None:
        until = self.dice.choice((None, self.house.fake.time + 300))
        self.house.pause(self.dice.choice("qrs"), until)

    def resume(self) -> None:
        self.house.resume(self.dice.choice("qrs"))


RULES = (
    (Walk.arrive, 8),
    (Walk.misbehave, 10),
    (Walk.the_worst, 2),
    (Walk.calm, 2),
    (Walk.tasks_start, 8),
    (Walk.tasks_work, 8),
    (Walk.tasks_end, 6),
    (Walk.crash_loop, 2),
    (Walk.regular_tick, 26),
    (Walk.same_tick_again, 6),
    (Walk.late_tick, 2),
    (Walk.another_replica_meanwhile, 10),
    (Walk.one_of_two_is_throttled, 4),
    (Walk.a_refusal_is_lost, 2),
    (Walk.crash_within, 8),
    (Walk.pause, 1),
    (Walk.resume, 1),
)


def drive(steps: int, seed: int, report: Callable[[int], None]) -> Counter[str]:
    """Walk through as many houses as it takes; what was counted on the way."""
    counted: Counter[str] = Counter()
    while counted["steps"] < steps:
        name = f"{seed}/{counted['houses']}"
        walk = Walk(name)
        try:
            walk.run(min(RUN, steps - counted["steps"]))
        except AssertionError as broken:
            broken.add_note(f"seed {name}")
            raise
        counted += _figures(walk)
        counted["steps"] += min(RUN, steps - counted["steps"])
        report(counted["steps"])
    return counted


def _figures(walk: Walk) -> Counter[str]:
    fake = walk.house.fake
    stops = Counter(one.stop_code or "none" for one in fake.real.values())
    return Counter(
        houses=1,
        records_replayed=walk.house.records,
        launch_calls=sum(step == "before launch" for step in fake.steps),
        launches=len(fake.launched),
        tasks=len(fake.real),
        interrupted=stops["SpotInterruption"],
        failed_to_start=stops["TaskFailedToStart"],
        saves=sum(step == "after save" for step in fake.steps),
        ticks_to_drain=walk.drained_in,
    )


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--steps", type=int, default=100_000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    started = time.monotonic()
    try:
        counted = drive(given.steps, given.seed, _progress(given.steps, started))
    except AssertionError as broken:
        sys.stderr.write(f"broken: {broken} ({'; '.join(broken.__notes__)})\n")
        return 1
    seconds = time.monotonic() - started
    figures = {"seed": given.seed, **counted, "seconds": round(seconds, 1)}
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


def _progress(steps: int, started: float) -> Callable[[int], None]:
    if not sys.stderr.isatty():
        return lambda done: None

    def show(done: int) -> None:
        rate = done / max(0.001, time.monotonic() - started)
        end = "" if done < steps else "\n"
        sys.stderr.write(f"\r{done:,} of {steps:,} steps, {rate:,.0f} a second{end}")

    return show


if __name__ == "__main__":
    sys.exit(main())
