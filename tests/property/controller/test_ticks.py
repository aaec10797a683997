"""Whatever goes wrong between ticks and within them, the hard rules hold."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.fakeworld import FakeWorld
from support.faults import Crash, Faults, Launching
from support.values import PERIOD, queue, rules

from autoscaler.controller import tick
from autoscaler.core.ledger import EXPIRES_AFTER
from autoscaler.core.rules import Rulebook
from policies.depth import Depth

MAX = {"f": 7, "g": 3}
MOST_LAUNCHES = 4
QUEUES = {"f": ("q", "r"), "g": ("s",)}
WITHIN = EXPIRES_AFTER / 2
"""How late lists may be: the controller gives a launch up after twice as long."""

TROUBLES = (
    "omitting",
    "list_unknown",
    "describe_unknown",
    "queues_unknown",
    "load_fails",
    "save_fails",
    "save_lost",
)
delays = st.sampled_from([0.0, 0.0, 1.0, 130.0, WITHIN])
faults = st.builds(
    lambda troubles, **more: Faults(**dict.fromkeys(troubles, True), **more),
    st.sets(st.sampled_from(TROUBLES), max_size=2),
    list_delay=delays,
    describe_delay=delays,
    launching=st.sampled_from([Launching.GOOD, *Launching]),
    accepts=st.none() | st.integers(0, 10),
)
steps = st.integers(0, 24)


class Ticks(RuleBasedStateMachine):
    """Two replicas of one controller, two fleets in one cluster, and a world full of faults."""

    def __init__(self) -> None:
        super().__init__()
        self.fake = FakeWorld(visible=dict.fromkeys("qrs", 40))
        self.due = int(self.fake.time)

    @initialize(add=st.booleans(), messages_per_task=st.integers(1, 10))
    def configure(self, add: bool, messages_per_task: int) -> None:
        policy = Depth(messages_per_task=messages_per_task, add_to_running=add)
        fleets = tuple(
            rules(
                *(queue(policy, name=name) for name in names),
                name=fleet,
                max_tasks=MAX[fleet],
                max_launches_per_tick=MOST_LAUNCHES,
            )
            for fleet, names in QUEUES.items()
        )
        self.book = Rulebook("house", PERIOD, fleets)

    # ------------------------------------------------------------------------- what happens

    @rule(name=st.sampled_from("qrs"), visible=st.integers(0, 300))
    def messages(self, name: str, visible: int) -> None:
        self.fake.visible[name] = visible

    @rule(faults=faults, seconds=delays, all_leave=st.booleans())
    def trouble_and_a_regular_tick(self, faults: Faults, seconds: float, all_leave: bool) -> None:
        if all_leave:
            self.fake.stop(*self.living())
        self.fake.faults = faults
        self.a_regular_tick(seconds)

    @rule(seconds=st.sampled_from([PERIOD, PERIOD, 700.0]))
    def an_answer_is_lost_and_lists_are_late(self, seconds: float) -> None:
        """The worst that AWS does at all often."""
        late = WITHIN
        self.fake.faults = Faults(late, late, launching=Launching.LOST)
        self.a_regular_tick(seconds)

    @rule()
    def tasks_start(self) -> None:
        self.fake.start_all()

    @rule(data=st.data())
    @precondition(lambda self: self.living())
    def tasks_leave(self, data: st.DataObject) -> None:
        leaving = st.lists(st.sampled_from(self.living()), unique=True)
        self.fake.stop(*data.draw(leaving))

    @rule(seconds=st.sampled_from([1.0, 60.0, PERIOD, PERIOD]))
    def a_regular_tick(self, seconds: float) -> None:
        self.fake.time += seconds
        self.due = max(self.due + 1, int(self.fake.time))
        self.run(self.due)

    @rule()
    def the_same_tick_again(self) -> None:
        self.run(self.due)

    @rule()
    def a_tick_that_comes_late(self) -> None:
        self.run(self.due - 60)

    @rule(at=steps, later=st.sampled_from([0, 0, 60]))
    def another_replica_ticks_meanwhile(self, at: int, later: int) -> None:
        self.due = max(self.due + 1, int(self.fake.time))
        other = self.due + later
        self.fake.meanwhile = {len(self.fake.steps) + at: lambda: self.run(other)}
        self.run(self.due)
        self.due = other

    @rule(at=steps, again=st.booleans())
    def the_process_ends_in_a_tick(self, at: int, again: bool) -> None:
        self.due = max(self.due + 1, int(self.fake.time))
        self.fake.meanwhile = {len(self.fake.steps) + at: self.crash}
        self.run(self.due)
        if again:
            self.run(self.due)

    # ------------------------------------------------------------------------------- helpers

    def living(self) -> list[str]:
        return [one.id for fleet in MAX for one in self.fake.living(fleet)]

    def crash(self) -> None:
        raise Crash

    def run(self, due: int) -> None:
        blind = self.fake.faults.list_unknown
        saved = {one.token for fleet in MAX for one in self.fake.memory(fleet).intents}
        before = set(self.fake.launched)
        with suppress(Crash):
            tick(self.fake.world(), self.book, due)
        self.fake.meanwhile = {}
        if blind:
            assert self.fake.launched.keys() - before <= saved, "launched on an unknown fleet"

    # -------------------------------------------------------------------------------- claims

    def teardown(self) -> None:
        """Once trouble has ended, every fleet whose queues hold messages gets a task."""
        self.fake.faults = Faults()
        self.fake.stop(*self.living())
        for _ in range(int(EXPIRES_AFTER / PERIOD) + 2 if self.fake.steps else 0):
            self.a_regular_tick(PERIOD)
        for fleet, names in QUEUES.items() if self.fake.steps else ():
            waiting = any(self.fake.visible[name] for name in names)
            assert self.fake.living(fleet) or not waiting, f"{fleet} forgot messages"

    @invariant()
    def never_above_max_tasks(self) -> None:
        for fleet, most in MAX.items():
            assert self.fake.most_living[fleet] <= most

    @invariant()
    def one_decision_a_tick_id(self) -> None:
        assert not self.fake.clashes
        asked: Counter[tuple[str, int]] = Counter()
        for (intent, _), fleet in zip(self.fake.launched.values(), self.fake.callers, strict=True):
            asked[fleet, intent.tick] += intent.launch.count
        assert all(count <= MOST_LAUNCHES for count in asked.values())


Ticks.TestCase.settings = settings(max_examples=80, stateful_step_count=30)
TestTicks = Ticks.TestCase
