"""A switch is cut short at every step, before and after it, and run again: it always ends right."""

from __future__ import annotations

import pytest
from support.mode_world import CONTAINER, LEAVES, ROLLED, TAKES, ModeWorld, by_the_fleet

from autoscaler.core.modes import Mode, Modes
from autoscaler.operations.mode.plan import consumers, now, plan
from autoscaler.operations.mode.steps import Step
from autoscaler.operations.mode.switching import StuckError, Switching, Taken

VARIANTS = {
    "mapping, the service leaves": LEAVES,
    "mapping, the service stays": ROLLED,
    "fleet, the service leaves": by_the_fleet(LEAVES),
    "fleet, the service stays": by_the_fleet(ROLLED),
}
EXPECTED = {
    Mode.DIRECT: {
        "mapping, the service leaves": "roll await-service mapping-off await-disabled",
        "mapping, the service stays": "register roll await-service mapping-off await-disabled",
        "fleet, the service leaves": "roll await-service pause await-tasks",
        "fleet, the service stays": "register roll await-service pause await-tasks",
    },
    Mode.QUEUED: {
        "mapping, the service leaves": "mapping-on await-enabled roll await-service",
        "mapping, the service stays": "mapping-on await-enabled register roll await-service",
        "fleet, the service leaves": "resume roll await-service",
        "fleet, the service stays": "resume register roll await-service",
    },
}


class Cut(BaseException):
    """As `kill -9`: nothing of the run is left."""


def world(modes: Modes, to: Mode) -> ModeWorld:
    """In the mode that is left, and at rest."""
    made = ModeWorld(modes)
    made.sleep(60)
    if to is Mode.QUEUED:
        switch(made, Mode.DIRECT)
    made.sleep(60)
    made.polled.clear()
    return made


def switching(made: ModeWorld, to: Mode) -> Switching:
    return Switching(lambda: plan(made.seen(), made.modes, CONTAINER, to), made, made, 600.0)


def switch(made: ModeWorld, to: Mode) -> list[Step]:
    taken: list[Taken] = []
    switching(made, to).run(lambda _: None, taken.append)
    return [one.step for one in taken]


def switch_cut_after(made: ModeWorld, to: Mode, count: int) -> bool:
    """A run that dies once `count` steps are done; whether there were as many."""
    left = count

    def end(_: Taken) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise Cut

    try:
        switching(made, to).run(lambda _: None, end)
    except Cut:
        return True
    return False


def switch_cut_within(made: ModeWorld, to: Mode, number: int) -> None:
    """A run that dies within a step: its call was made, and nobody saw the answer."""

    class Dying:
        taken = 0

        def do(self, step: Step) -> None:
            made.do(step)
            self.taken += 1
            if self.taken == number:
                raise Cut

    change = switching(made, to)
    change.hands = Dying()
    with pytest.raises(Cut):
        change.run(lambda _: None, lambda _: None)


def cuts(name: str, to: Mode) -> int:
    return len(EXPECTED[to][name].split())


CASES = [(name, to) for to in Mode for name in VARIANTS]
CUT_AFTER = [(name, to, number) for name, to in CASES for number in range(1, cuts(name, to) + 1)]
CUT_WITHIN = [
    (name, to, number)
    for name, to in CASES
    for number in range(
        1, 1 + sum(not step.startswith("await") for step in EXPECTED[to][name].split())
    )
]


@pytest.mark.parametrize(("name", "to"), CASES)
def test_the_steps_come_in_the_safe_order_and_end_in_the_mode(name: str, to: Mode) -> None:
    made = world(VARIANTS[name], to)
    assert [step.name for step in switch(made, to)] == EXPECTED[to][name].split()
    assert_in_mode(made, to)


@pytest.mark.parametrize(("name", "to"), CASES)
def test_a_plan_tells_beforehand_the_very_steps_that_are_taken(name: str, to: Mode) -> None:
    made = world(VARIANTS[name], to)
    planned = plan(made.seen(), made.modes, CONTAINER, to)
    assert [step.name for step in planned] == [step.name for step in switch(made, to)]


@pytest.mark.parametrize(("name", "to", "count"), CUT_AFTER)
def test_cut_after_any_step_and_run_again_it_ends_in_exactly_one_consumer(
    name: str, to: Mode, count: int
) -> None:
    made = world(VARIANTS[name], to)
    assert switch_cut_after(made, to, count)
    revisions = len(made.revisions)
    switch(made, to)
    assert_in_mode(made, to)
    assert len(made.revisions) <= max(revisions, 2 + (to is Mode.QUEUED)), "none is made twice"


@pytest.mark.parametrize(("name", "to", "number"), CUT_WITHIN)
def test_cut_within_any_step_whose_call_was_made_it_ends_in_exactly_one_consumer(
    name: str, to: Mode, number: int
) -> None:
    made = world(VARIANTS[name], to)
    switch_cut_within(made, to, number)
    switch(made, to)
    assert_in_mode(made, to)


@pytest.mark.parametrize(("name", "to", "count"), CUT_AFTER)
def test_cut_after_any_step_the_way_back_is_open(name: str, to: Mode, count: int) -> None:
    back = Mode.QUEUED if to is Mode.DIRECT else Mode.DIRECT
    made = world(VARIANTS[name], to)
    switch_cut_after(made, to, count)
    switch(made, back)
    assert_in_mode(made, back)


def assert_in_mode(made: ModeWorld, to: Mode) -> None:
    """One consumer, the right one; never none on the way, and two only while it changed."""
    assert made.polling() == {"service" if to is Mode.DIRECT else other(made)}
    assert now(made.seen(), made.modes, CONTAINER) is to
    assert len(consumers(made.seen(), made.modes, CONTAINER)) == 1
    assert not made.ever_alone
    assert made.shared_seconds <= 4 * (TAKES + 5), "a roll and a change of the mapping, each once"
    assert plan(made.seen(), made.modes, CONTAINER, to) == ()


BUSY = [
    (by_the_fleet(LEAVES), Mode.DIRECT, "roll await-service pause stop-tasks"),
    (by_the_fleet(LEAVES), Mode.QUEUED, "resume roll unprotect await-service"),
    (LEAVES, Mode.QUEUED, "mapping-on await-enabled roll unprotect await-service"),
]


@pytest.mark.parametrize(("modes", "to", "steps"), BUSY)
def test_where_tasks_never_rest_they_are_waited_for_unless_they_are_to_be_stopped(
    modes: Modes, to: Mode, steps: str
) -> None:
    made = world(modes, to)
    made.busy = True
    with pytest.raises(StuckError, match="or with --stop-tasks where tasks never rest"):
        switch(made, to)
    taken: list[Taken] = []
    stopping(made, to).run(lambda _: None, taken.append)
    assert taken[0].step.name == steps.split()[-1 if to is Mode.DIRECT else -2]
    assert made.polling() == {"service" if to is Mode.DIRECT else other(made)}
    assert not made.ever_alone


@pytest.mark.parametrize(("modes", "to", "steps"), BUSY)
def test_with_tasks_to_be_stopped_a_cut_at_any_step_ends_right_as_well(
    modes: Modes, to: Mode, steps: str
) -> None:
    for count in range(1, len(steps.split())):
        made = world(modes, to)
        made.busy = True
        names: list[str] = []

        def end(one: Taken, names: list[str] = names, count: int = count) -> None:
            names.append(one.step.name)
            if len(names) == count:
                raise Cut

        with pytest.raises(Cut):
            stopping(made, to).run(lambda _: None, end)
        stopping(made, to).run(lambda _: None, lambda one, names=names: names.append(one.step.name))
        assert names == steps.split()
        assert made.polling() == {"service" if to is Mode.DIRECT else other(made)}
        assert not made.ever_alone


def stopping(made: ModeWorld, to: Mode) -> Switching:
    return Switching(
        lambda: plan(made.seen(), made.modes, CONTAINER, to, stop_tasks=True), made, made, 600.0
    )


def other(made: ModeWorld) -> str:
    return "mapping" if made.modes.function else "fleet"


@pytest.mark.parametrize("modes", [LEAVES, ROLLED])
def test_nothing_is_switched_off_before_the_service_is_up(modes: Modes) -> None:
    made = world(modes, Mode.DIRECT)
    change = switching(made, Mode.DIRECT)
    change.patience = TAKES / 2
    with pytest.raises(StuckError, match="run it again to go on"):
        change.run(lambda _: None, lambda _: None)
    assert made.mapping == "Enabled"
    switch(made, Mode.DIRECT)
    assert_in_mode(made, Mode.DIRECT)


def test_a_deployment_that_fails_ends_the_switch_with_ecs_own_reason() -> None:
    made = world(ROLLED, Mode.DIRECT)
    seen = made.seen

    def failing() -> object:
        told = seen()
        if made.current == 0:
            return told
        (only,) = told.service.deployments
        object.__setattr__(only, "rollout", "FAILED")
        object.__setattr__(only, "why", "tasks failed to start")
        return told

    made.seen = failing  # type: ignore[method-assign, assignment]
    with pytest.raises(StuckError, match="up and healthy: tasks failed to start"):
        switch(made, Mode.DIRECT)
    assert made.mapping == "Enabled"


def test_what_has_no_effect_is_not_done_again_and_again() -> None:
    """A service that goes back to its old revision would otherwise be rolled for ever."""
    made = world(ROLLED, Mode.DIRECT)
    calls: list[str] = []

    class Deaf:
        def do(self, step: Step) -> None:
            calls.append(step.name)

    change = switching(made, Mode.DIRECT)
    change.hands = Deaf()
    with pytest.raises(StuckError, match="still cpu 256"):
        change.run(lambda _: None, lambda _: None)
    assert calls == ["register"]


def test_a_service_that_goes_back_to_its_old_revision_is_not_rolled_again_and_again() -> None:
    """As a deployment circuit breaker does; the other consumer stays on meanwhile."""
    made = world(ROLLED, Mode.DIRECT)
    calls: list[str] = []

    class RolledBack:
        def do(self, step: Step) -> None:
            calls.append(step.name)
            made.do(step)

        def now(self) -> float:
            return made.now()

        def sleep(self, seconds: float) -> None:
            made.sleep(seconds)
            if made.clock > made.rolls_until - TAKES / 2:
                made.current, made.desired = 0, 1

    hands = RolledBack()
    change = switching(made, Mode.DIRECT)
    change.hands = change.time = hands
    with pytest.raises(StuckError, match="still desired 1 of web:0, not desired 3 of web:1"):
        change.run(lambda _: None, lambda _: None)
    assert calls == ["register", "roll"]
    assert made.mapping == "Enabled"
