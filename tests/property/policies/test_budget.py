"""budget: whatever was spent, it only ever holds back, and less money never lets more through."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from support.values import NOW, observation, queue, reading, rules, saying, task

from autoscaler.core.cost import Tariff, TaskSize
from autoscaler.core.decide import decide
from autoscaler.core.spending import Money
from autoscaler.core.tasks import Fleet, Provider
from policies.budget import Budget

amounts = st.floats(0, 1e6)
rates = st.floats(0, 1)
tariffs = st.builds(
    Tariff,
    st.just(TaskSize(1, 2)),
    st.dictionaries(st.sampled_from([one.value for one in Provider]), rates),
)
budgets = st.builds(
    Budget,
    st.floats(0.01, 1e6),
    st.sampled_from(["hour", "day", "month"]),
    st.sampled_from(["UTC", "Europe/London", "Australia/Lord_Howe"]),
    st.floats(0, 1),
)


@st.composite
def sights(draw):
    ages = draw(st.lists(st.floats(0, 1e5) | st.none(), max_size=8))
    tasks = tuple(
        task(
            f"t{n}",
            provider=draw(st.sampled_from(Provider)),
            pull_started_at=None if age is None else NOW - age,
            seen_at=NOW,
        )
        for n, age in enumerate(ages)
    )
    money = Money(draw(tariffs), draw(amounts), draw(st.none() | st.floats(60, 1e5)))
    now = NOW + draw(st.floats(0, 86_400))
    fleet = Fleet(tasks, draw(st.integers(0, 5)))
    return observation(reading(9), tasks=fleet, now=now, money=money)


def spent(seen, budget, dollars):
    """The same sight after so much was spent in this period."""
    notes = budget.advise(seen).notes
    money = replace(seen.money, spent=seen.money.spent + dollars)
    return replace(seen, money=money, notes=notes)


@given(sights(), budgets)
def test_it_wants_nothing_and_asks_nobody_to_leave(seen, budget):
    found = budget.advise(seen)
    assert found.new_tasks is not None
    assert found.new_tasks >= 0
    assert (found.want, found.at_least, found.at_most, found.pause) == (None, None, None, False)
    assert found.why


@given(sights(), budgets, amounts, amounts)
def test_the_more_is_spent_the_fewer_tasks_may_start(seen, budget, dollars, more):
    before = budget.advise(spent(seen, budget, dollars)).new_tasks
    after = budget.advise(spent(seen, budget, dollars + more)).new_tasks
    assert after <= before


@given(sights(), budgets, st.integers(0, 50), st.integers(0, 9))
def test_used_up_it_lets_nothing_start_whatever_is_wanted(seen, budget, want, floor):
    gone = spent(replace(seen, money=replace(seen.money, tariff=CENT)), budget, budget.dollars)
    chosen = rules(queue(saying(want=want, at_least=floor), budget), min_tasks=floor)
    assert decide(gone, chosen, {"q/p2": gone.notes}).missing == 0


@given(sights(), budgets, amounts, st.integers(0, 50))
def test_it_never_raises_what_others_want(seen, budget, dollars, want):
    sight = spent(seen, budget, dollars)
    notes = {"q/p2": sight.notes}
    alone = decide(sight, rules(queue(saying(want=want)), max_tasks=99), notes)
    bounded = decide(sight, rules(queue(saying(want=want), budget), max_tasks=99), notes)
    assert bounded.missing <= alone.missing


CENT = Tariff(TaskSize(1, 2), {"FARGATE": 0.01})
