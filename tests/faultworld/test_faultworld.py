"""Whatever AWS, the store and the processes do between and within ticks, the hard rules hold.

Never above max_tasks, never more launched for a tick id than was decided for it, nothing launched
without seeing the fleet, every queue drains once faults stop, and every record replays.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import pytest
from faultworld.house import LATEST, Habits, House
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from support.faults import Faults, Launching
from support.realtasks import Real
from support.values import PERIOD

from autoscaler.core.rules import Combine

STEPS = 50_000
"""At least so many rules are carried out at every check."""
PARTS = 8
"""They are shared out, so that processors work side by side."""
A_RUN = 60
"""Rules from a new house to its draining."""

walked: Counter[str] = Counter()
one_of = st.sampled_from
flags = (
    "omitting",
    "list_unknown",
    "describe_unknown",
    "queues_unknown",
    "load_fails",
    "save_fails",
    "save_lost",
    "spot_short",
)
delays = one_of([0.0, 0.0, 1.0, 130.0, LATEST])
faults = st.builds(
    lambda flags, **more: Faults(**dict.fromkeys(flags, True), **more),
    st.sets(one_of(flags), max_size=2),
    list_delay=delays,
    gone_delay=delays,
    describe_delay=delays,
    launching=one_of([Launching.GOOD, *Launching]),
    throttled_calls=one_of([0, 0, 1, 2]),
    accepts=one_of([None, None, 0, 1, 2, 5]),
    latency=one_of([0.0, 0.0, 0.1, 3.0]),
)
habits = st.builds(
    Habits,
    messages_per_task=st.integers(1, 10),
    add_to_running=st.booleans(),
    share=one_of([0.0, 0.3, 0.5, 1.0]),
    base=st.integers(0, 2),
    fallback=one_of(["on_demand", "none"]),
    patience=one_of([0.0, 300.0]),
    confirm=st.integers(1, 3),
    min_tasks=st.integers(0, 1),
    combine=one_of([Combine.MAX, Combine.SUM]),
    burst=one_of([3, 100]),
)
queues = one_of("qrs")
seconds = one_of([PERIOD, PERIOD, 1.0, 60.0, 700.0])
skews = one_of([0.0, -1.0, 1.0])
limits = one_of([math.inf, math.inf, 0.0, 5.0, 30.0])
places = st.integers(0, 25)


class Ticks(RuleBasedStateMachine):
    """The house of faults, walked by hypothesis."""

    @initialize(habits=habits, texts=st.booleans())
    def build(self, habits: Habits, texts: bool) -> None:
        self.house = House(habits, texts=texts)

    # ------------------------------------------------------------------- what the world does

    @rule(name=queues, messages=one_of([1, 3, 30, 200]))
    def messages_arrive(self, name: str, messages: int) -> None:
        self.house.arrive(name, messages)

    @rule(faults=faults)
    def it_misbehaves(self, faults: Faults) -> None:
        self.house.misbehave(faults)

    @rule(seconds=seconds)
    def an_answer_is_lost_and_lists_are_late(self, seconds: float) -> None:
        """The worst that AWS does at all often."""
        self.house.misbehave(Faults(LATEST, LATEST, LATEST, launching=Launching.LOST))
        self.house.regular_tick(seconds)

    @rule()
    def it_behaves(self) -> None:
        self.house.misbehave(Faults())

    @rule()
    def tasks_start(self) -> None:
        self.house.tasks_start()

    @rule()
    def tasks_work(self) -> None:
        self.house.tasks_work()

    @rule(seconds=seconds)
    def time_passes(self, seconds: float) -> None:
        self.house.fake.time += seconds

    @rule(
        which=st.lists(st.integers(0, 9), min_size=1, max_size=4),
        how=one_of([Real.leave, Real.crash, Real.interrupt]),
    )
    def tasks_end(self, which: list[int], how: Callable[[Real, float], None]) -> None:
        self.house.tasks_end(which, how)

    @rule()
    def all_tasks_die(self) -> None:
        self.house.crash_loop()

    @rule(name=queues, until=one_of([None, 300.0]))
    def a_queue_is_paused(self, name: str, until: float | None) -> None:
        self.house.pause(name, until and self.house.fake.time + until)

    @rule(name=queues)
    def a_queue_is_resumed(self, name: str) -> None:
        self.house.resume(name)

    # -------------------------------------------------------------- what the controllers do

    @rule(seconds=seconds, skew=skews, limit=limits)
    def a_regular_tick(self, seconds: float, skew: float, limit: float) -> None:
        self.house.regular_tick(seconds, skew, limit)

    @rule(limit=limits)
    def the_same_tick_again(self, limit: float) -> None:
        self.house.same_tick_again(limit)

    @rule(seconds=one_of([1, 60, 120]))
    def a_tick_that_comes_late(self, seconds: int) -> None:
        self.house.late_tick(seconds)

    @rule(at=places, later=one_of([0, 0, 60]), skew=skews, limit=limits)
    def another_replica_ticks_meanwhile(
        self, at: int, later: int, skew: float, limit: float
    ) -> None:
        self.house.another_replica_meanwhile(at, later, skew, limit)

    @rule(at=places, let_in=st.integers(0, 2), dies_after=st.integers(0, 29))
    def one_of_two_replicas_is_throttled(self, at: int, let_in: int, dies_after: int) -> None:
        self.house.one_of_two_replicas_is_throttled(at, let_in, dies_after)

    @rule(accepts=st.integers(1, 2))
    def a_refusal_is_lost_and_asked_for_again(self, accepts: int) -> None:
        self.house.a_refusal_is_lost_and_asked_for_again(accepts)

    @rule(at=places, again=st.booleans())
    def the_process_ends_within_a_tick(self, at: int, again: bool) -> None:
        self.house.crash_within(at, again=again)

    # ---------------------------------------------------------------- what must be true of it

    @invariant()
    def the_hard_rules_hold(self) -> None:
        walked["rules"] += 1
        self.house.check()

    def teardown(self) -> None:
        walked["houses"] += 1
        self.house.drain()
        walked["records"] += self.house.records


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("part", range(PARTS))
def test_the_hard_rules_hold_for_fifty_thousand_steps(part: int) -> None:
    walked.clear()
    run_state_machine_as_test(_machine(part), settings=_settings())
    rules = walked["rules"] - 2 * walked["houses"]  # one check before, one after the building
    assert rules >= STEPS / PARTS, f"{rules} steps in {walked['houses']} houses"


def _machine(part: int) -> type[Ticks]:
    """Where every run is the same, each part still has to take a way of its own."""
    machine = type(f"Ticks{part}", (Ticks,), {})
    return seed(part)(machine) if settings.default and settings.default.derandomize else machine


def _settings() -> settings:
    return settings(
        max_examples=math.ceil(STEPS / PARTS / A_RUN * 1.4),
        stateful_step_count=A_RUN,
        deadline=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
