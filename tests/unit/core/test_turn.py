"""One fleet's turn: what the end of tasks teaches, beside what queues show."""

from __future__ import annotations

import pytest
from support import values

from autoscaler.core.cost import Tariff, TaskSize
from autoscaler.core.learned import Learned, QueueLearned
from autoscaler.core.ledger import fleet_of
from autoscaler.core.memory import By, Memory, Sample
from autoscaler.core.model import Minute, Unknown
from autoscaler.core.rules import Policy
from autoscaler.core.spending import Spending
from autoscaler.core.tasks import Task, TaskState
from autoscaler.core.tokens import Namer
from autoscaler.core.turn import Moment, Sight, Turn, take, with_tasks

DIED_AT = values.NOW - 30.0
STARTED_AT = DIED_AT - 10.0


def failed(n: int) -> Task:
    """A task whose worker failed soon after its start."""
    return values.task(
        f"t{n}",
        TaskState.STOPPED,
        started_at=STARTED_AT,
        stopped_at=DIED_AT,
        stop_code="EssentialContainerExited",
        exit_code=1,
    )


def after(*minutes: Minute) -> Memory:
    """The memory after three such deaths, with these minutes of the queue."""
    known = Memory(tasks=values.by_id(*(values.task(f"t{n}") for n in range(3))))
    dead = values.by_id(*(failed(n) for n in range(3)))
    return with_tasks(known, dead, {"q": values.reading(minutes=minutes)}, values.NOW)


def test_three_deaths_without_deletions_open_the_breaker() -> None:
    assert after(Minute(ends_at=values.NOW, deleted=0)).breaker.open


def test_deletions_since_the_tasks_began_are_progress() -> None:
    assert not after(Minute(ends_at=STARTED_AT + 60.0, deleted=5)).breaker.open


def test_deletions_of_an_earlier_minute_are_others_work() -> None:
    assert after(Minute(ends_at=STARTED_AT + 59.0, deleted=5)).breaker.open


LEFT = {"stop_code": "EssentialContainerExited", "exit_code": 0}


def left_at(*dead: Task, before: float | None = None) -> float | None:
    """When a task last left by itself, after these were described."""
    ran = values.by_id(*(values.task(one.id) for one in dead))
    known = with_tasks(Memory(tasks=ran, left_at=before), values.by_id(*dead), {}, values.NOW)
    return fleet_of(known).left_at


def test_the_newest_of_those_that_left_by_themselves_is_remembered() -> None:
    ends = [
        values.task(f"t{at}", TaskState.STOPPED, stopped_at=at, **LEFT) for at in (50.0, 70.0, 60.0)
    ]
    assert left_at(*ends) == 70.0
    assert left_at(*ends, before=90.0) == 90.0


@pytest.mark.parametrize(
    "how",
    [
        {"stop_code": "EssentialContainerExited", "exit_code": 1},
        {"stop_code": "SpotInterruption", "exit_code": 0},
        {"stop_code": "UserInitiated", "exit_code": 0},
        {},
    ],
)
def test_who_was_stopped_or_failed_did_not_leave_by_itself(how) -> None:
    dead = values.task("t", TaskState.STOPPED, stopped_at=50.0, **how)
    assert (dead.left, left_at(dead)) == (False, None)


def test_one_that_left_at_an_unknown_time_tells_nothing() -> None:
    unknown = values.task("t", TaskState.STOPPED, **LEFT)
    assert (unknown.left, left_at(unknown), left_at(unknown, before=9.0)) == (True, None, 9.0)


def taken(
    before: Memory,
    *policies: Policy,
    described: tuple[Task, ...] = (),
    tariff: Tariff | Unknown | None = None,
) -> Turn:
    """The turn of one queue with a message, where ECS lists nothing."""
    rules = values.rules(values.queue(*policies))
    sight = Sight({"q": values.reading(1)}, frozenset(), values.by_id(*described), tariff=tariff)
    moment = Moment(Namer("house", "f", int(values.NOW)), values.NOW, values.PERIOD)
    return take(before, sight, rules, moment, lambda provider, count: count)


@pytest.mark.parametrize(
    ("holding", "again"),
    [({}, 1), ({"pause": True}, 0), ({"new_tasks": 0}, 0), ({"new_tasks": 1}, 1)],
)
def test_a_launch_in_doubt_is_not_asked_for_again_while_a_policy_holds(holding, again) -> None:
    doubtful = Memory(intents=(values.intent("old", saved_at=values.NOW - 120),))
    turn = taken(doubtful, values.saying(want=1), values.saying(**holding))
    assert [one.token for one in turn.intents] == ["old"] * again


@pytest.mark.parametrize(
    "kept",
    [
        {"notes": {"q/gone": {"asked": 1}}},
        {"paused": {"gone": None}},
        {"paused_by": {"gone": By("alice", 1.0)}},
        {"blind_ticks": {"gone": 3}},
        {"samples": {"gone": (Sample(values.NOW - 120, 1, 0, 0),)}},
        {"learned": Learned(queues={"gone": QueueLearned(through=values.NOW)})},
    ],
)
def test_nothing_is_kept_for_queues_and_policies_that_are_configured_no_longer(kept) -> None:
    assert taken(Memory(**kept)).memory == taken(Memory()).memory


TARIFF = Tariff(TaskSize(1, 2), {"FARGATE": 0.01})


def pulled(name: str, seconds_ago: float, **rest: object) -> Task:
    return values.task(name, pull_started_at=values.NOW - seconds_ago, **rest)


class TestSpending:
    def test_an_ended_task_is_billed_by_the_look_that_takes_it_out(self) -> None:
        known = Memory(tasks=values.by_id(pulled("t1", 500, seen_at=values.NOW - 120)))
        end = pulled("t1", 500, state=TaskState.STOPPED, stopped_at=values.NOW - 100)
        first = taken(known, described=(end,), tariff=TARIFF)
        assert first.observation.money is not None
        assert first.observation.money.spent == pytest.approx(4.0)
        again = taken(first.memory, described=(end,), tariff=TARIFF)
        assert again.memory.spending == first.memory.spending

    def test_a_task_given_up_for_lost_is_billed_to_its_last_sign_of_life(self) -> None:
        lost = pulled("t1", 1000, seen_at=values.NOW - 700)
        turn = taken(Memory(tasks=values.by_id(lost), spending=Spending(tariff=TARIFF)))
        assert turn.memory.tasks == {}
        assert turn.memory.spending.dollars == pytest.approx(3.0)

    def test_live_tasks_count_for_what_they_have_cost_so_far(self) -> None:
        live = pulled("t1", 1000, seen_at=values.NOW - 100)
        money = taken(Memory(tasks=values.by_id(live)), tariff=TARIFF).observation.money
        assert money is not None
        assert money.spent == pytest.approx(9.0)

    def test_a_price_once_known_outlasts_a_look_that_fails(self) -> None:
        before = taken(Memory(), tariff=TARIFF).memory
        money = taken(before, tariff=Unknown("no answer")).observation.money
        assert money is not None
        assert money.tariff == TARIFF
        assert taken(Memory(), tariff=Unknown("no answer")).observation.money is None

    def test_where_no_policy_needs_money_none_is_shown(self) -> None:
        assert taken(Memory(spending=Spending(tariff=TARIFF))).observation.money is None
