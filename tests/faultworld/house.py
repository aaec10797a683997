"""A house with two fleets, two replicas of the controller, and every trouble there is.

Its methods are the steps: what the world does, and what the controllers do in it. After each
one the hard rules are checked against the truth of the world. hypothesis walks through it in
``test_faultworld.py``, plain chance in ``drive.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from support.fakeworld import FakeWorld, as_it_is, through_text
from support.faults import Crash, Faults
from support.realtasks import Real
from support.replay import replays, text_replays
from support.values import PERIOD

from autoscaler.controller import tick
from autoscaler.core.pacing import Bucket
from autoscaler.core.rules import Combine, FleetRules, Limits, QueueRules, Rulebook, Spot
from autoscaler.core.tasks import Provider
from policies.depth import Depth

MAX = {"f": 7, "g": 3}
MOST_LAUNCHES = 4
QUEUES = {"f": ("q", "r"), "g": ("s",)}
FLEET_OF = {name: fleet for fleet, names in QUEUES.items() for name in names}
LATEST = 270.0
"""Seconds by which lists may be late: half of what the controller waits before it gives a launch
up, less what the calls of a tick take here."""
HANDLED = 20
"""Messages a task handles from one tick to the next."""
PATIENT = 60
"""Ticks within which every queue drains once faults have stopped: the longest pause of a breaker
is 15, the life of a launch in doubt 5, the work 10."""


@dataclass
class Paced:
    """A replica's own launch rate."""

    bucket: Bucket

    def take(self, fleet: str, provider: Provider, count: int, now: float) -> int:
        granted, self.bucket = self.bucket.take(count, now)
        return granted


@dataclass(frozen=True)
class Habits:
    """How the house is configured."""

    messages_per_task: int = 5
    add_to_running: bool = False
    share: float = 0.5
    base: int = 1
    fallback: Literal["on_demand", "none"] = "on_demand"
    patience: float = 0.0
    confirm: int = 1
    min_tasks: int = 0
    combine: Combine = Combine.MAX
    burst: int = 100

    def fleet(self, name: str) -> FleetRules:
        depth = Depth(self.messages_per_task, add_to_running=self.add_to_running)
        return FleetRules(
            name,
            tuple(QueueRules(q, {"depth": depth}, confirm=self.confirm) for q in QUEUES[name]),
            Limits(self.min_tasks, MAX[name], MOST_LAUNCHES),
            self.combine,
            Spot(self.share, self.base, self.fallback, self.patience),
        )


class House:
    """The world, its controllers, and what must always be true of them."""

    def __init__(self, habits: Habits, *, texts: bool = True) -> None:
        """``texts``: memories and records go through their text, which takes most of the time."""
        self.rules = {name: habits.fleet(name) for name in QUEUES}
        self.book = Rulebook("house", PERIOD, tuple(self.rules.values()))
        kept = through_text if texts else as_it_is
        self.fake = FakeWorld(visible=dict.fromkeys(FLEET_OF, 0), kept=kept)
        self.replays = text_replays if texts else replays
        self.fake.pace = Paced(Bucket(0.05, habits.burst, habits.burst, self.fake.time))
        self.due = int(self.fake.time)
        self.records = 0

    # --------------------------------------------------------------------- what the world does

    def arrive(self, name: str, messages: int) -> None:
        self.fake.visible[name] = min(300, (self.fake.visible[name] or 0) + messages)

    def misbehave(self, faults: Faults) -> None:
        self.fake.faults = faults

    def tasks_start(self) -> None:
        self.fake.start_all()

    def tasks_work(self) -> None:
        """Running tasks handle messages, and leave where there are none."""
        for one in self.living():
            if one.started_at is not None and not self._handled(one):
                one.leave(self.fake.time)

    def tasks_end(self, which: list[int], how: Callable[[Real, float], None]) -> None:
        """Some of the living tasks leave, crash or are interrupted."""
        living = self.living()
        for index in which:
            if living:
                how(living[index % len(living)], self.fake.time)

    def crash_loop(self) -> None:
        """All of a fleet's tasks die without progress."""
        for one in self.living():
            one.crash(self.fake.time)

    # ---------------------------------------------------------------- what the controllers do

    def regular_tick(self, seconds: float, skew: float = 0.0, limit: float = math.inf) -> None:
        self.fake.time += seconds
        self._run(self._next_due(), skew, limit)

    def same_tick_again(self, limit: float = math.inf) -> None:
        self._run(self.due, 0.0, limit)

    def late_tick(self, seconds: int) -> None:
        self._run(self.due - seconds, 0.0)

    def another_replica_meanwhile(self, at: int, later: int, skew: float, limit: float) -> None:
        due = self._next_due()
        self.due = due + later
        self._meanwhile(at, lambda: self._run(self.due, skew))
        self._run(due, 0.0, limit)

    def one_of_two_replicas_is_throttled(self, at: int, let_in: int, dies_after: int) -> None:
        """Both carry out the same tick's launches, one of them is let in, and one may die."""
        self._make_room()
        self.fake.faults = Faults(LATEST, 0.0, LATEST, let_in=let_in, throttled_calls=2)
        due = self._next_due()
        self._meanwhile(at, lambda: self._run_and_die(due, dies_after))
        self._run(due, 0.0)

    def a_refusal_is_lost_and_asked_for_again(self, accepts: int) -> None:
        """ECS gives a repeated token its first answer, failures included."""
        self._make_room()
        self.fake.faults = Faults(accepts=accepts, lost_calls=1)
        self.regular_tick(PERIOD)
        self.same_tick_again()

    def crash_within(self, at: int, *, again: bool) -> None:
        due = self._next_due()
        self._meanwhile(at, self._crash)
        self._run(due, 0.0)
        if again:
            self._run(due, 1.0)

    def pause(self, name: str, until: float | None) -> None:
        """As a person does, through the store."""
        self._change_paused(name, {name: until})

    def resume(self, name: str) -> None:
        self._change_paused(name, {})

    # ------------------------------------------------------------------------ what must be true

    def check(self) -> None:
        """The hard rules, against the truth of the world."""
        fake = self.fake
        for fleet, most in MAX.items():
            assert fake.most_living[fleet] <= most, f"{fleet} was above max_tasks"
        assert not fake.clashes, "one token stood for two launches"
        assert not fake.stray, "a launch was made that was not saved before"
        assert not fake.doubled, "a tick launched more than was decided for it"
        for record in fake.records:
            assert self.replays(record, self.rules[record.fleet]), "a record replays otherwise"
        self.records += len(fake.records)
        fake.records.clear()

    def drain(self) -> int:
        """Once faults have stopped, every queue drains and every task leaves; in so many ticks."""
        self.fake.faults = Faults()
        for name in FLEET_OF:
            self.resume(name)
        for ticks in range(PATIENT):
            if not self.living() and not any(self.fake.visible.values()):
                return ticks
            self.regular_tick(PERIOD)
            self.tasks_start()
            self.tasks_work()
            self.check()
        raise AssertionError(f"{self.fake.visible} not drained in {PATIENT} ticks")

    # ---------------------------------------------------------------------------------- helpers

    def living(self) -> list[Real]:
        return [one for one in self.fake.real.values() if one.living]

    def _handled(self, one: Real) -> int:
        left, fleet = HANDLED, QUEUES[one.fleet]
        for name in fleet:
            handled = min(left, self.fake.visible[name] or 0)
            self.fake.visible[name] = (self.fake.visible[name] or 0) - handled
            left -= handled
        return HANDLED - left

    def _next_due(self) -> int:
        self.due = max(self.due + 1, int(self.fake.time))
        return self.due

    def _meanwhile(self, at: int, event: Callable[[], None]) -> None:
        self.fake.meanwhile = {len(self.fake.steps) + at: event}

    def _make_room(self) -> None:
        for one in self.living():
            one.leave(self.fake.time)
        for name in FLEET_OF:
            self.arrive(name, 100)

    def _run_and_die(self, due: int, dies_after: int) -> None:
        self._meanwhile(dies_after, self._crash)
        self._run(due, 0.0)
        self.fake.meanwhile = {}

    def _crash(self) -> None:
        raise Crash

    def _run(self, due: int, skew: float, limit: float = math.inf) -> None:
        fake = self.fake
        blind = fake.faults.list_unknown or fake.faults.load_fails or fake.faults.save_fails
        decided, launched = len(fake.decided), len(fake.launched)
        with suppress(Crash):
            tick(fake.world(skew), self.book, due, fake.time + limit)
        if blind:
            assert len(fake.decided) == decided, "decided to launch without seeing"
        if fake.faults.load_fails:
            assert len(fake.launched) == launched, "launched without memory"

    def _change_paused(self, name: str, change: dict[str, float | None]) -> None:
        memory, fleet = self.fake.memory(FLEET_OF[name]), FLEET_OF[name]
        others = {queue: until for queue, until in memory.paused.items() if queue != name}
        self.fake.put(fleet, replace(memory, paused={**others, **change}))
