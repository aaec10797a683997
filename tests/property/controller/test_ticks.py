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

faults = st.builds(
    Faults,
    list_delay=st.sampled_from([0.0, 0.0, 1.0, 130.0, WITHIN]),
    describe_delay=st.sampled_from([0.0, 0.0, 1.0, 130.0, WITHIN]),
    omitting=st.booleans(),
    list_unknown=st.sampled_from([False, False, False, True]),
    describe_unknown=st.sampled_from([False, False, False, True]),
    queues_unknown=st.sampled_from([False, False, False, True]),
    load_fails=st.sampled_from([False, False, False, True]),
    save_fails=st.sampled_from([False, False, False, True]),
    save_lost=st.sampled_from([False, False, False, True]),
    launching=st.sampled_from([Launching.GOOD, *Launching]),
    accepts=st.none() | st.integers(0, 10),
)
steps = st.integers(0, 24)


class Ticks(RuleBasedStateMachine):
    """Two replicas of one controller, two fleets in one cluster, and a world full of faults."""

    def __init__(self) -> None:
        super().__init__()
        self.fake = FakeWorld(visible=dict.fromkeys("qrs", 0))
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

    @rule(faults=faults)
    def trouble(self, faults: Faults) -> None:
        self.fake.faults = faults

    @rule()
    def trouble_ends(self) -> None:
        self.fake.faults = Faults()

    @rule(seconds=st.sampled_from([0.5, 1.0, 60.0, 120.0, 130.0, 700.0]))
    def time_passes(self, seconds: float) -> None:
        self.fake.time += seconds

    @rule()
    def tasks_start(self) -> None:
        self.fake.start_all()

    @rule(data=st.data())
    @precondition(lambda self: any(self.fake.living(fleet) for fleet in MAX))
    def tasks_leave(self, data: st.DataObject) -> None:
        living = [one.id for fleet in MAX for one in self.fake.living(fleet)]
        self.fake.stop(*data.draw(st.lists(st.sampled_from(living), unique=True)))

    @rule()
    def a_regular_tick(self) -> None:
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

    @rule()
    @precondition(lambda self: self.fake.steps)
    def trouble_ends_for_good(self) -> None:
        """Then every fleet whose queues hold messages gets a task."""
        self.fake.faults = Faults()
        for _ in range(int(EXPIRES_AFTER / PERIOD) + 3):
            self.fake.time += PERIOD
            self.due = max(self.due + 1, int(self.fake.time))
            self.run(self.due)
        for fleet, names in QUEUES.items():
            waiting = any(self.fake.visible[name] for name in names)
            assert self.fake.living(fleet) or not waiting, f"{fleet} forgot messages"

    # ------------------------------------------------------------------------------- helpers

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

    @invariant()
    def never_above_max_tasks(self) -> None:
        for fleet, most in MAX.items():
            assert self.fake.most_living[fleet] <= most

    @invariant()
    def one_decision_a_tick_id(self) -> None:
        asked: Counter[tuple[str, int]] = Counter()
        for (intent, _), fleet in zip(self.fake.launched.values(), self.fake.callers, strict=True):
            asked[fleet, intent.tick] += intent.launch.count
        assert all(count <= MOST_LAUNCHES for count in asked.values())


Ticks.TestCase.settings = settings(max_examples=70, stateful_step_count=30)
TestTicks = Ticks.TestCase
