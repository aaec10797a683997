"""Whatever becomes of tasks, what they have cost only rises, and ends as the sum of their bills."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.values import NOW, PERIOD, by_id, reading, rules, task

from autoscaler.core.cost import Tariff, TaskSize, billed_seconds
from autoscaler.core.memory import Memory, dump, load
from autoscaler.core.tasks import Provider, TaskState
from autoscaler.core.tokens import Namer
from autoscaler.core.turn import Moment, Sight, take

TARIFF = Tariff(TaskSize(1, 2), {"FARGATE": 0.01, "FARGATE_SPOT": 0.003})
TICKS = 15

lives = st.lists(
    st.tuples(st.floats(0, 900), st.floats(0, 600), st.sampled_from(["FARGATE", "FARGATE_SPOT"])),
    max_size=6,
)


def sight(tasks, now, tariff):
    """What ECS shows: every task described, those that have not ended listed."""
    shown, listed = [], set()
    for one in tasks:
        if one.stopped_at is not None and now >= one.stopped_at:
            shown.append(replace(one, state=TaskState.STOPPED))
        elif now >= one.pull_started_at:
            listed.add(one.id)
            shown.append(replace(one, stopped_at=None))
    return Sight({"q": reading(at=now)}, frozenset(listed), by_id(*shown), tariff=tariff)


@given(lives, st.integers(0, TICKS - 1))
def test_each_task_is_billed_once_however_often_it_is_seen_and_saved(lives, price_known_at):
    tasks = [
        task(f"t{n}", provider=Provider(name), pull_started_at=NOW + at, stopped_at=NOW + at + life)
        for n, (at, life, name) in enumerate(lives)
    ]
    memory, before, known = Memory(), 0.0, set()
    for tick in range(TICKS):
        now = NOW + tick * PERIOD
        moment = Moment(Namer("house", "f", int(now)), now, PERIOD)
        seen = sight(tasks, now, TARIFF if tick >= price_known_at else None)
        known |= seen.listed
        turn = take(memory, seen, rules(), moment, lambda provider, count: count)
        memory = load(dump(turn.memory))
        money = memory.spending.money(memory.tasks.values())
        if money is not None:
            assert money.spent >= before - 1e-9
            before = money.spent
    bills = sum(
        billed_seconds(one.pull_started_at, one.stopped_at) * TARIFF.per_second[one.provider.value]
        for one in tasks
        if one.id in known
    )
    assert before == pytest.approx(bills)
