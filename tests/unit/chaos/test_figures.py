"""How a chaos run is judged: what it would have to notice, it notices."""

from __future__ import annotations

from typing import Any

import pytest
from chaos.deliveries import (
    INTERRUPTED,
    KILLED,
    LATE,
    NOT_DELETED,
    UNEXPLAINED,
    Handling,
    why_twice,
)
from chaos.figures import Figures, add_up
from chaos.launches import by_token, doubled, peak, strangers
from chaos.stage import FLEET, INSTALLATION

from autoscaler.aws.sightings import TOKEN_VARIABLE
from autoscaler.core.tokens import client_token

TICK = 1_700_000_000
TOKEN = client_token(INSTALLATION, FLEET, TICK, 1)


def task(number: int, *, created: float = TICK, token: str = TOKEN, **more: Any) -> dict[str, Any]:
    variable = {"name": TOKEN_VARIABLE, "value": token}
    return {
        "taskArn": f"arn:aws:ecs:eu-west-2:1:task/chaos/{number}",
        "createdAt": created,
        "lastStatus": "STOPPED",
        "capacityProviderName": "FARGATE",
        "containers": [{"exitCode": 0}],
        "overrides": {"containerOverrides": [{"environment": [variable]}]},
        **more,
    }


def handling(number: int, at: float = 0.0, *, not_deleted: bool = False) -> Handling:
    return Handling("m", str(number), at, not_deleted)


@pytest.mark.parametrize(
    ("before", "of", "gap", "why"),
    [
        (handling(1), task(1, containers=[{"exitCode": 137}]), 1, KILLED),
        (handling(1), task(1, stopCode="SpotInterruption"), 1, INTERRUPTED),
        (handling(1, not_deleted=True), task(1), 1, NOT_DELETED),
        (handling(1), task(1), 9, LATE),
        (handling(1), task(1), 1, UNEXPLAINED),
    ],
)
def test_a_duplicate_is_explained_by_the_end_of_the_earlier_worker(
    before: Handling, of: dict[str, Any], gap: float, why: str
) -> None:
    assert why_twice([handling(2, gap), before], {"1": of, "2": task(2)}) == {why: 1}


def test_a_task_counts_from_its_creation_until_it_is_told_to_stop() -> None:
    tasks = [task(1, created=1, stoppingAt=5), task(2, created=4), task(3, created=5)]
    assert peak(tasks) == 2


def test_a_launch_whose_tasks_were_created_at_two_moments_happened_twice() -> None:
    once, twice = [task(1), task(2)], [task(1), task(2, created=TICK + 1)]
    assert (doubled(by_token(once)), doubled(by_token(twice))) == ([], [TOKEN])


@pytest.mark.parametrize("token", ["", "made up", client_token(INSTALLATION, "other", TICK, 1)])
def test_a_launch_under_no_token_of_a_tick_is_noticed(token: str) -> None:
    launches = by_token([task(1), task(2, token=token)])
    assert strangers(launches, TICK, TICK) == [token]


def figures(*tasks: dict[str, Any], sent: set[str], handled: list[Handling]) -> Figures:
    return Figures(
        seed=1, max_tasks=1, workers_killed=0, controllers_killed=0, faults={}, left_in_queue=2,
        ticks_replayed=0, replayed_otherwise=3, seconds=1.0, **add_up(tasks, sent, handled),
    )  # fmt: skip


def test_every_promise_that_is_broken_is_said() -> None:
    told = figures(
        task(1), task(2, created=TICK + 1), task(3, token="?", lastStatus="RUNNING"),
        sent={"m", "lost"}, handled=[handling(1), handling(1, 1)],
    )  # fmt: skip
    assert told.problems() == [
        "1 messages were never handled",
        "1 duplicates have no explanation",
        "3 tasks lived at once, and 1 are allowed",
        "1 launches happened twice",
        "1 launches have no token of a tick",
        "2 messages are still in the queue",
        "1 tasks are still there",
        "no record could be decided once more",
        "3 records replay otherwise",
    ]
