"""Each task is billed once, and priced as soon as its price is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.values import NOW, PERIOD, by_id, queue, reading, rules, saying, task

from autoscaler.core.cost import Tariff, TaskSize
from autoscaler.core.learned import Mean
from autoscaler.core.memory import Memory
from autoscaler.core.service import Service, ServiceRules
from autoscaler.core.sight import Sight
from autoscaler.core.spending import Spending, billed
from autoscaler.core.tasks import Provider, TaskState
from autoscaler.core.tokens import Namer
from autoscaler.core.turn import Moment, take

TARIFF = Tariff(TaskSize(1, 2), {"FARGATE": 0.01, "FARGATE_SPOT": 0.004})


def ended(seconds, provider=Provider.FARGATE, pulled=NOW):
    stopped_at = None if pulled is None else pulled + seconds
    return task(
        "t1",
        TaskState.STOPPED,
        provider=provider,
        pull_started_at=pulled,
        started_at=pulled,
        stopped_at=stopped_at,
    )


def test_an_ended_task_costs_its_billed_seconds():
    assert Spending(tariff=TARIFF).after([ended(90.5)]).dollars == pytest.approx(0.91)


def test_a_minute_is_the_least():
    assert Spending(tariff=TARIFF).after([ended(5)]).dollars == pytest.approx(0.60)


def test_each_provider_has_its_price():
    spot = ended(100, Provider.FARGATE_SPOT)
    assert Spending(tariff=TARIFF).after([spot]).dollars == pytest.approx(0.4)


@pytest.mark.parametrize(("provider", "dollars"), [(None, 1.0), (Provider.EC2, 1.0)])
def test_what_has_no_price_of_its_own_costs_what_the_dearest_does(provider, dollars):
    assert Spending(tariff=TARIFF).after([ended(100, provider)]).dollars == pytest.approx(dollars)


def test_a_task_that_never_pulled_its_image_costs_nothing():
    spending = Spending(tariff=TARIFF).after([ended(0, pulled=None)])
    assert spending == Spending(tariff=TARIFF)


def test_where_the_pull_is_not_told_the_start_counts():
    assert billed(task(started_at=NOW, stopped_at=NOW + 70)) == 70


def test_a_live_task_is_billed_up_to_when_it_was_last_seen():
    assert billed(task(pull_started_at=NOW, seen_at=NOW + 300)) == 300
    assert billed(task(pull_started_at=NOW)) == 60
    assert billed(task(state=TaskState.STARTING, seen_at=NOW)) == 0


def test_seconds_wait_for_their_price_and_are_counted_once():
    waiting = Spending().after([ended(100), ended(50, Provider.FARGATE_SPOT)])
    assert (waiting.dollars, waiting.money([])) == (0.0, None)
    assert waiting.unpriced == {"FARGATE": 100.0, "FARGATE_SPOT": 60.0}
    known = waiting.knowing(TARIFF)
    assert known.dollars == pytest.approx(1.0 + 0.24)
    assert known.knowing(TARIFF) == known.knowing(None) == known


def test_a_price_once_known_is_remembered_and_a_new_one_is_for_what_comes():
    spending = Spending().knowing(TARIFF).after([ended(100)])
    dearer = Tariff(TaskSize(2, 4), {"FARGATE": 0.02, "FARGATE_SPOT": 0.008})
    assert spending.knowing(dearer).dollars == pytest.approx(1.0)
    assert spending.knowing(dearer).after([ended(100)]).dollars == pytest.approx(3.0)
    assert Spending().knowing(None) == Spending()


def test_money_counts_live_tasks_too_and_knows_how_long_one_is_billed():
    spending = Spending(tariff=TARIFF).after([ended(100), ended(200)])
    money = spending.money([task(pull_started_at=NOW, seen_at=NOW + 50)])
    assert money.spent == pytest.approx(3.0 + 0.6)
    assert money.tariff == TARIFF
    assert 100 < money.life < 200
    assert Spending(tariff=TARIFF, life=Mean()).money([]).life is None


def test_tasks_of_a_service_are_billed_from_what_ecs_says_of_them():
    """Nobody launched them here; they count while they run and once when they have ended."""
    fleet = replace(rules(queue(saying(want=1)), max_tasks=5), service=ServiceRules())
    one = task("t1", pull_started_at=NOW, started_at=NOW, token=None)
    ended_then = replace(one, state=TaskState.STOPPED, stopped_at=NOW + 150)
    looks = [([one], 0.0), ([one], 120.0), ([ended_then], 240.0), ([], 360.0)]
    memory, spent = Memory(), []
    for shown, after in looks:
        now = NOW + after
        listed = frozenset(each.id for each in shown if each.live)
        sight = Sight(
            {"q": reading(at=now)},
            listed,
            by_id(*shown),
            tariff=TARIFF,
            service=Service("svc", len(listed)),
        )
        moment = Moment(Namer("inst", "f", int(now)), now, PERIOD)
        turn = take(memory, sight, fleet, moment, lambda _, count: count)
        memory = turn.memory
        assert turn.observation.money
        spent.append(round(turn.observation.money.spent, 6))
    assert spent == [0.6, 1.2, 1.5, 1.5]
