"""Whatever policies say and readings show, a decision keeps within the hard rules."""

from __future__ import annotations

import json
import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from support.values import NOW, NeedsCounts, Raises, Says, observation, queue, reading, rules

from autoscaler.core.actions import Launch
from autoscaler.core.decide import decide
from autoscaler.core.fleets import actions
from autoscaler.core.memory import Memory
from autoscaler.core.model import Advice, Cause
from autoscaler.core.record import End, Record, to_json
from autoscaler.core.rules import Combine, Fallback, Spot
from autoscaler.core.tasks import Provider

counts = st.none() | st.integers(0, 50)
times = st.none() | st.floats(NOW - 100, NOW + 100)
good = st.builds(
    Advice,
    want=counts,
    at_least=counts,
    at_most=counts,
    pause=st.booleans(),
    new_tasks=counts,
    spot_share=st.none() | st.floats(0, 1),
    stay_until=times,
    look_again_at=times,
    why=st.text(max_size=5),
    notes=st.none() | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    abstained=st.booleans(),
)
anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
flawed = st.builds(
    Advice, want=anything, at_least=anything, at_most=anything, spot_share=anything, why=anything
)
policies = st.one_of(
    st.builds(Says, good),
    st.builds(NeedsCounts, good),
    st.builds(Says, flawed | anything),
    st.just(Raises(ValueError("no"))),
)
fallbacks = st.none() | st.builds(Fallback, want=st.integers(0, 50), after_ticks=st.integers(1, 3))
combine = st.sampled_from(Combine)


@st.composite
def rulings(draw):
    queues = [
        queue(
            *draw(st.lists(policies, max_size=3)),
            name=name,
            combine=draw(combine),
            when_unknown=draw(fallbacks),
        )
        for name in draw(st.sampled_from(["q", "qr"]))
    ]
    limits = {
        "min_tasks": draw(st.integers(0, 60)),
        "max_tasks": draw(st.integers(0, 40)),
        "max_launches_per_tick": draw(st.integers(1, 40)),
    }
    spot = Spot(draw(st.floats(0, 1)), draw(st.integers(0, 5)))
    return rules(*queues, combine=draw(combine), spot=spot, **limits)


@st.composite
def sights(draw):
    seen = observation(
        *(reading(draw(counts), draw(counts), 0, queue=name) for name in "qr"),
        live=draw(st.integers(0, 60)),
        blind_ticks={"q": draw(st.integers(0, 4))},
    )
    return replace(seen, fleet=None) if draw(st.integers(0, 9)) == 0 else seen


@given(sights(), rulings())
def test_a_target_is_never_above_max_tasks_nor_below_zero(seen, chosen):
    target = decide(seen, chosen, {}).target
    assert target is None or 0 <= target <= chosen.limits.max_tasks


@given(sights(), rulings())
def test_what_is_launched_never_takes_a_fleet_above_max_tasks(seen, chosen):
    decision = decide(seen, chosen, {})
    plan = actions(decision, seen.fleet, Memory(), chosen, NOW)
    sizes = [one.count for one in plan.actions if isinstance(one, Launch)]
    assert all(1 <= size <= Launch.MOST for size in sizes)
    assert sum(sizes) <= chosen.limits.max_launches_per_tick
    assert not sizes or seen.live + sum(sizes) <= chosen.limits.max_tasks


@given(sights(), rulings(), st.integers(0, 20))
def test_whatever_is_wanted_a_bound_on_new_tasks_holds_for_the_whole_fleet(seen, chosen, most):
    bounding = queue(Says(Advice(new_tasks=most)), name="r")
    bounded = replace(chosen, queues=(*chosen.queues, bounding))
    assert decide(seen, bounded, {}).missing <= most


@given(sights(), rulings())
def test_the_same_observation_gives_the_same_decision(seen, chosen):
    assert decide(seen, chosen, {}) == decide(seen, chosen, {})


@given(sights(), rulings())
def test_nothing_is_launched_while_the_fleet_is_unknown(seen, chosen):
    decision = decide(replace(seen, fleet=None), chosen, {})
    assert decision.target is None
    plan = actions(decision, None, Memory(), chosen, NOW)
    assert not any(isinstance(one, Launch) for one in plan.actions)


@given(sights(), rulings())
def test_a_waiting_message_with_no_live_task_is_never_forgotten(seen, chosen):
    decision = decide(seen, chosen, {})
    waits = any(one.visible for one in seen.readings.values())
    if decision.target is None or seen.live or not waits:
        return
    causes = {reason.cause for reason in decision.reasons}
    assert decision.target > 0 or causes & {Cause.WAITS, Cause.MAX_TASKS}


@given(sights(), rulings())
def test_every_decision_gives_its_reasons_and_can_be_recorded_as_text(seen, chosen):
    decision = decide(seen, chosen, {})
    assert decision.reasons
    record = Record("house", "f", 1, NOW, End.DECIDED, seen, decision)
    json.dumps(to_json(record), allow_nan=False)


@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=30),
    st.floats(0, 1),
)
def test_however_launches_are_sized_the_share_of_spot_is_kept_to_half_a_task(sizes, share):
    owed, on_spot = 0.0, 0
    for size in sizes:
        chosen = rules(spot=Spot(share), max_launches_per_tick=size)
        wanted = replace(decide(observation(), chosen, {}), target=size, live=0)
        plan = actions(wanted, observation().fleet, Memory(spot_owed=owed), chosen, NOW)
        launches = [one for one in plan.actions if isinstance(one, Launch)]
        assert sum(one.count for one in launches) == size
        on_spot += sum(one.count for one in launches if one.provider is Provider.FARGATE_SPOT)
        owed = plan.spot_owed
    assert math.isclose(on_spot, share * sum(sizes), abs_tol=0.5 + 1e-9)
